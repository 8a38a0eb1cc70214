use super::*;
use walrus::{FunctionBuilder, FunctionId, ModuleConfig, ValType};

const DEAD: &str = "_ZN6tachys13hydrate_async17h0123456789abcdefE";
const MERGED: &str = "_ZN6tachys5other13hydrate_async17h0123456789abcdeeE";

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

/// A module in which `main` calls `shared` and `merged`, and `dead` and what is inside it call `shared`.
fn program() -> Vec<u8> {
    let mut module = Module::with_config(ModuleConfig::new());
    let shared = function(&mut module, "shared", &[]);
    let dead = function(&mut module, DEAD, &[shared]);
    let merged = function(&mut module, MERGED, &[shared]);
    let inner = function(&mut module, "_ZN6tachys13hydrate_async4prep17h0123456789abcdefE", &[shared]);
    let main = function(&mut module, "main", &[shared, merged]);
    for (name, id) in [("main", main), ("dead", dead), ("inner", inner)] {
        module.exports.add(name, id);
    }
    module.emit_wasm()
}

/// Each function's body, by name.
fn bodies(wasm: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let code = Code::read(wasm).unwrap();
    let named = (code.imported..).zip(&code.bodies).map(|(id, body)| (code.names[&id].to_owned(), body.as_bytes()));
    named.map(|(name, body)| (name, body.to_vec())).collect()
}

#[test]
fn what_is_never_called_becomes_a_trap_and_nothing_moves() {
    let program = program();
    let cut = cut(&program).unwrap();
    assert_eq!(cut.len(), program.len());
    let (before, after) = (bodies(&program), bodies(&cut));
    let changed: Vec<&str> = before.keys().filter(|name| before[*name] != after[*name]).map(String::as_str).collect();
    assert_eq!(changed, [DEAD], "others are called, or are not the function itself");
    assert_eq!(after[DEAD][..2], [0, UNREACHABLE]);
    Module::from_buffer(&cut).unwrap();
}

#[test]
fn what_the_trap_referred_to_before_is_forgotten() {
    let mut program = program();
    let code = Code::read(&program).unwrap();
    let start = Parser::new(0)
        .parse_all(&program)
        .find_map(|payload| match payload.unwrap() {
            Payload::CodeSectionStart { range, .. } => Some(range.start),
            _ => None,
        })
        .unwrap();
    // A reference to function 0 from the middle of each body: type, place, index.
    let places: Vec<u32> = code.bodies.iter().map(|body| (body.range().start - start) as u32 + 1).collect();
    let entries: Vec<u8> = places.iter().flat_map(|place| [vec![0], leb128(*place), vec![0]].concat()).collect();
    let name = References::NAME;
    let content = [&[name.len() as u8], name.as_bytes(), &[3, places.len() as u8], &entries].concat();
    program.extend([vec![0], leb128(content.len() as u32), content].concat());

    let cut = cut(&program).unwrap();
    let left = Parser::new(0).parse_all(&cut).find_map(|payload| match payload.unwrap() {
        Payload::CustomSection(section) => match section.as_known() {
            KnownCustom::Reloc(section) => Some(section.entries().into_iter().map(|e| e.unwrap().offset).collect()),
            _ => None,
        },
        _ => None,
    });
    let left: Vec<u32> = left.unwrap();
    let dead = Code::read(&program).unwrap().never_called().unwrap()[0].start as u64 - start;
    assert_eq!(left, places.iter().copied().filter(|place| u64::from(*place) != dead + 1).collect::<Vec<_>>());
    assert_eq!(left.len(), places.len() - 1);
}

#[test]
fn exports_that_nobody_uses_go_with_what_only_they_reach() {
    let mut module = Module::with_config(ModuleConfig::new());
    let helper = function(&mut module, "helper", &[]);
    let main = function(&mut module, "main", &[]);
    module.exports.add("intounderlyingsource_pull", helper);
    module.exports.add("hydrate", main);
    cut_exports(&mut module);
    assert_eq!(module.exports.iter().map(|export| &*export.name).collect::<Vec<_>>(), ["hydrate"]);
    assert_eq!(module.funcs.iter().map(|function| function.name.as_deref()).collect::<Vec<_>>(), [Some("main")]);
}
