use super::*;
use walrus::{ModuleConfig, ValType};

/// A function of that name, which calls others.
fn function(module: &mut Module, name: &str, calls: &[FunctionId]) -> FunctionId {
    let mut builder = FunctionBuilder::new(&mut module.types, &[ValType::I32], &[]);
    builder.name(name.into());
    for callee in calls {
        builder.func_body().i32_const(0).call(*callee);
    }
    let arg = module.locals.add(ValType::I32);
    builder.finish(vec![arg], &mut module.funcs)
}

#[test]
fn what_is_never_called_is_cut_with_what_only_it_called() {
    let mut module = Module::with_config(ModuleConfig::new());
    let helper = function(&mut module, "helper", &[]);
    let shared = function(&mut module, "shared", &[]);
    let dead = function(&mut module, "_ZN6tachys13hydrate_async17h0123456789abcdefE", &[helper, shared]);
    let merged = function(&mut module, "_ZN6tachys5other13hydrate_async17h0123456789abcdeeE", &[shared]);
    let inner = function(&mut module, "_ZN6tachys13hydrate_async4prep17h0123456789abcdefE", &[shared]);
    let main = function(&mut module, "main", &[shared, merged]);
    for (name, id) in [("main", main), ("dead", dead), ("inner", inner), ("intounderlyingsource_pull", helper)] {
        module.exports.add(name, id);
    }
    cut(&mut module);
    let left: BTreeSet<&str> =
        module.funcs.iter_local().filter_map(|(id, _)| module.funcs.get(id).name.as_deref()).collect();
    assert!(!left.contains("helper") && left.contains("shared") && left.contains("main"), "{left:?}");
    let calls = |id| {
        let mut calls = Callees::default();
        let function = module.funcs.get(id).kind.unwrap_local();
        dfs_in_order(&mut calls, function, function.entry_block());
        calls.0.len()
    };
    assert_eq!([dead, merged, inner, main].map(calls), [0, 1, 1, 2]);
}
