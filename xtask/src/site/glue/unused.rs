//! Takes code out of the page that the compiler had to keep and nothing ever runs.

use anyhow::Result;
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};
use walrus::{Module, passes::gc};
use wasmparser::{
    BinaryReader, FunctionBody, KnownCustom, Name, NameSectionReader, Operator, Parser, Payload, RelocSectionReader,
    TypeRef,
};

/// How the names of functions end (before a hash) that are never called: erased views and routes carry pointers to
/// everything that can be done with them, which keeps the compiler from seeing what is dead.
///
/// - `hydrate_async`, and the future that it makes, wake a page up piece by piece, while parts of its code are still
///   loading. Ours wakes up at once, by `hydrate_body`. They are a sixth of the page.
/// - `generate_routes` lists the routes for a server.
///
/// The compiler makes one function of several with the same body, under the name of one of them. So a name can stand here
/// only if nothing that is called by pointer could have the same body: `hydrate_from_template` can't, for where there is
/// nothing to compare with, it builds.
const NEVER_CALLED: [&str; 3] =
    ["13hydrate_async17h", "13hydrate_async28_$u7b$$u7b$closure$u7d$$u7d$17h", "15generate_routes17h"];

/// How exports begin that are for server functions that stream. Turns stream by events of their own.
const STREAMS: [&str; 2] = ["intounderlying", "__wbg_intounderlying"];

const UNREACHABLE: u8 = 0x00;
const NOP: u8 = 0x01;
const END: u8 = 0x0b;
/// Bytes of the smallest body that a trap fits into.
const SMALLEST: usize = 3;

/// Takes out the exports that nobody uses, and all that is reached from nowhere then.
pub fn cut_exports(module: &mut Module) {
    let streams = module.exports.iter().filter(|export| STREAMS.iter().any(|start| export.name.starts_with(start)));
    let streams: Vec<_> = streams.map(walrus::Export::id).collect();
    streams.into_iter().for_each(|export| module.exports.delete(export));
    gc::run(module);
}

/// Makes traps of the functions that are never called: what only they called is reached from nowhere then.
///
/// The module stays as the linker wrote it, with what it says of where code refers to other code, for that is what the
/// page is split by. So a body keeps its length.
pub fn cut(wasm: &[u8]) -> Result<Vec<u8>> {
    let code = Code::read(wasm)?;
    let cut = code.never_called()?;
    let mut out = wasm.to_vec();
    for body in &cut {
        // No locals, and a trap. What follows is never reached: the optimiser takes it out.
        let body = &mut out[body.clone()];
        let last = body.len() - 1;
        body.fill(NOP);
        (body[0], body[1], body[last]) = (0, UNREACHABLE, END);
    }
    if let Some(section) = &code.references {
        let left = section.without(wasm, &cut)?;
        out.splice(section.range.clone(), left);
    }
    Ok(out)
}

/// The functions of a module.
#[derive(Default)]
struct Code<'a> {
    imported: u32,
    bodies: Vec<FunctionBody<'a>>,
    names: BTreeMap<u32, &'a str>,
    references: Option<References>,
}

impl<'a> Code<'a> {
    fn read(wasm: &'a [u8]) -> Result<Self> {
        let mut code = Self::default();
        let (mut start, mut before) = (0, 0);
        for payload in Parser::new(0).parse_all(wasm) {
            let payload = payload?;
            let end = payload.as_section().map(|section| section.1.end as usize);
            match payload {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        code.imported += u32::from(matches!(import?.ty, TypeRef::Func(_)));
                    }
                }
                Payload::CodeSectionStart { range, .. } => start = range.start as usize,
                Payload::CodeSectionEntry(body) => code.bodies.push(body),
                Payload::CustomSection(section) => match section.as_known() {
                    KnownCustom::Name(names) => code.names = function_names(names)?,
                    KnownCustom::Reloc(_) if section.name() == References::NAME => {
                        let range = before..section.range().end as usize;
                        code.references = Some(References { range, content: section.data_offset() as usize, start });
                    }
                    _ => {}
                },
                _ => {}
            }
            before = end.unwrap_or(before);
        }
        Ok(code)
    }

    /// The bodies of the functions of those names, but for the ones that others call: the compiler makes one of functions
    /// with the same body, under the name of either.
    fn never_called(&self) -> Result<Vec<Range<usize>>> {
        let mut called = BTreeSet::new();
        let (unused, others): (Vec<_>, Vec<_>) = (self.imported..).zip(&self.bodies).partition(|(id, body)| {
            body.as_bytes().len() >= SMALLEST && self.names.get(id).is_some_and(|name| is_unused(name))
        });
        for (_, body) in others {
            for operator in body.get_operators_reader()? {
                if let Operator::Call { function_index } | Operator::ReturnCall { function_index } = operator? {
                    called.insert(function_index);
                }
            }
        }
        let unused = unused.into_iter().filter(|(id, _)| !called.contains(id));
        Ok(unused.map(|(_, body)| body.range().start as usize..body.range().end as usize).collect())
    }
}

fn is_unused(name: &str) -> bool {
    NEVER_CALLED.iter().any(|end| name.rfind(end).is_some_and(|at| name.len() - at <= end.len() + 17))
}

fn function_names(section: NameSectionReader<'_>) -> Result<BTreeMap<u32, &str>> {
    let mut found = BTreeMap::new();
    for part in section {
        if let Name::Function(names) = part? {
            for naming in names {
                let naming = naming?;
                found.insert(naming.index, naming.name);
            }
        }
    }
    Ok(found)
}

/// Where the linker says what code refers to (WebAssembly tool conventions, `Linking.md`, relocation sections).
struct References {
    /// The whole section, with its head.
    range: Range<usize>,
    content: usize,
    /// What places in the code are counted from.
    start: usize,
}

impl References {
    const NAME: &str = "reloc.CODE";

    /// The section without the references of some of the code.
    fn without(&self, wasm: &[u8], cut: &[Range<usize>]) -> Result<Vec<u8>> {
        let end = self.range.end;
        let section = RelocSectionReader::new(BinaryReader::new(&wasm[self.content..end], self.content as u64))?;
        let (mut count, mut kept) = (0, Vec::<u8>::new());
        let entries = section.entries().into_iter_with_offsets().collect::<Result<Vec<_>, _>>()?;
        let ends = entries.iter().skip(1).map(|next| next.0 as usize).chain([end]);
        for ((at, entry), end) in entries.iter().zip(ends) {
            let place = self.start + entry.offset as usize;
            let next = cut.partition_point(|body| body.end <= place);
            if cut.get(next).is_none_or(|body| !body.contains(&place)) {
                count += 1;
                kept.extend(&wasm[*at as usize..end]);
            }
        }
        let mut content = leb128(Self::NAME.len() as u32);
        content.extend(Self::NAME.bytes());
        content.extend(leb128(section.section_index()));
        content.extend(leb128(count));
        content.extend(kept);
        Ok([vec![0], leb128(content.len() as u32), content].concat())
    }
}

/// A number as WebAssembly writes it (Core Specification, 5.2.2).
fn leb128(mut number: u32) -> Vec<u8> {
    let mut out = Vec::new();
    while number > 0x7f {
        out.push(number as u8 | 0x80);
        number >>= 7;
    }
    out.push(number as u8);
    out
}

#[cfg(test)]
mod tests;
