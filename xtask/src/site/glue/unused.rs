//! Takes code out of the page that the compiler had to keep and nothing ever runs.

use std::collections::BTreeSet;
use walrus::{
    FunctionBuilder, FunctionId, FunctionKind, LocalFunction, Module,
    ir::{Call, Visitor, dfs_in_order},
    passes::gc,
};

/// How the names of functions end (before a hash) that are never called: erased views and routes carry pointers to
/// everything that can be done with them, which keeps the compiler from seeing what is dead.
///
/// - `hydrate_async`, and the future that it makes, wake a page up piece by piece, while parts of its code are still
///   loading. Ours wakes up at once, by `hydrate_body`. They are a sixth of the page.
/// - `generate_routes` lists the routes for a server.
const NEVER_CALLED: [&str; 3] =
    ["13hydrate_async17h", "13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h", "15generate_routes17h"];

/// How exports begin that are for server functions that stream. Turns stream by events of their own.
const STREAMS: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

/// Makes the bodies of such functions traps, and takes out what only they called.
pub fn cut(module: &mut Module) {
    let streams = module.exports.iter().filter(|export| STREAMS.iter().any(|start| export.name.starts_with(start)));
    let streams: Vec<_> = streams.map(walrus::Export::id).collect();
    streams.into_iter().for_each(|export| module.exports.delete(export));
    for id in never_called(module) {
        let trap = trap(module, id);
        module.funcs.get_mut(id).kind = FunctionKind::Local(trap);
    }
    gc::run(module);
}

/// The functions of those names, but for the ones that others call: the compiler makes one of functions with the same
/// body, under the name of either.
fn never_called(module: &Module) -> BTreeSet<FunctionId> {
    let unused =
        |name: &str| NEVER_CALLED.iter().any(|end| name.rfind(end).is_some_and(|at| name.len() - at <= end.len() + 17));
    let (named, others): (Vec<_>, Vec<_>) =
        module.funcs.iter_local().partition(|(id, _)| module.funcs.get(*id).name.as_deref().is_some_and(unused));
    let mut called = Callees::default();
    for (_, function) in others {
        dfs_in_order(&mut called, function, function.entry_block());
    }
    named.into_iter().map(|(id, _)| id).filter(|id| !called.0.contains(id)).collect()
}

#[derive(Default)]
struct Callees(BTreeSet<FunctionId>);

impl Visitor<'_> for Callees {
    fn visit_call(&mut self, call: &Call) {
        self.0.insert(call.func);
    }
}

/// A function of the same type that traps.
fn trap(module: &mut Module, id: FunctionId) -> LocalFunction {
    let (params, results) = {
        let ty = module.types.get(module.funcs.get(id).ty());
        (ty.params().to_vec(), ty.results().to_vec())
    };
    let mut builder = FunctionBuilder::new(&mut module.types, &params, &results);
    builder.func_body().unreachable();
    let args = params.into_iter().map(|ty| module.locals.add(ty)).collect();
    builder.local_func(args)
}

#[cfg(test)]
mod tests;
