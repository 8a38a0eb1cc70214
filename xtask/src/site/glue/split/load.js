const parts = {};
const part = (url) => parts[url] ??= WebAssembly.instantiateStreaming(fetch(url), { __wasm_split: wasm }).catch((error) => {
    delete parts[url];
    throw error;
});
const loader = (...urls) => async (done, data) => {
    let whole = true;
    await Promise.all(urls.map(part)).catch((error) => {
        // The browser notes by itself what it could not fetch.
        if (!(error instanceof TypeError)) console.error(error);
        whole = false;
    });
    wasm.__indirect_function_table.get(done)(data, whole);
};
