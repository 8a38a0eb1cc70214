use super::*;
use walrus::{FunctionBuilder, ModuleConfig};

#[test]
fn script_and_wasm_get_the_same_short_names_and_promises_stay() {
    let mut module = Module::with_config(ModuleConfig::new());
    let ty = module.types.add(&[], &[]);
    module.add_import_func("./app_bg.js", "__wbg_now_2f891d22985fd3c8", ty);
    for name in ["__wbindgen_start", "hydrate"] {
        let mut builder = FunctionBuilder::new(&mut module.types, &[], &[]);
        builder.func_body();
        let function = builder.finish(vec![], &mut module.funcs);
        module.exports.add(name, function);
    }
    let js = "/**\n * Says the time\n */\n    __wbg_now_2f891d22985fd3c8: function() {\n\n    x.__wbg_now_2f(); // as it is\n\
              wasm.__wbindgen_start();\n  wasm.hydrate();";
    let short = shorten(&mut module, js);
    assert_eq!(short, "_0: function() {\nx.__wbg_now_2f(); // as it is\nwasm._1();\nwasm.hydrate();\n");
    assert_eq!(module.imports.iter().map(|import| &*import.name).collect::<Vec<_>>(), ["_0"]);
    assert_eq!(module.exports.iter().map(|export| &*export.name).collect::<Vec<_>>(), ["_1", "hydrate"]);
}
