
// Draws the one diagram that the page around sends, and tells it the height. The document has no origin, and no way to
// anything but the page around; that page takes nothing from here but a number and two words.
(() => {
  const say = (what) => parent.postMessage(what, '*');
  const config = {
    startOnLoad: false,
    securityLevel: 'strict',
    htmlLabels: false,
    suppressErrorRendering: true,
    maxTextSize: 50_000,
    theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'neutral',
    fontFamily: 'system-ui, sans-serif',
  };
  // What a diagram's own `%%{init}%%` may not change.
  const fixed = ['secure', 'maxEdges', 'dompurifyConfig', 'themeCSS', 'fontFamily', 'altFontFamily', ...Object.keys(config)];
  mermaid.initialize({ ...config, secure: fixed.filter((key) => key !== 'theme') });

  const draw = async (source) => {
    const { svg } = await mermaid.render('diagram', source);
    const place = document.body;
    place.innerHTML = svg;
    // A frame that leads elsewhere would still look like a part of the page.
    for (const link of place.querySelectorAll('a')) for (const name of ['href', 'xlink:href', 'target']) link.removeAttribute(name);
    new ResizeObserver(() => say(Math.ceil(place.getBoundingClientRect().height))).observe(place);
  };
  const hear = ({ source, data }) => {
    if (source !== parent || typeof data !== 'string') return;
    removeEventListener('message', hear);
    draw(data).catch(() => say('failed'));
  };
  addEventListener('message', hear);
  say('ready');
})();
