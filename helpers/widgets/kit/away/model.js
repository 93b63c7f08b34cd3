// What a front end takes for its model where there is no Jupyter: values by name, and who hears of their changes.

/**
 * {get, set, save_changes, on, off, send} as anywidget has them, and two for the host: `receive(values)` takes what
 * Python says, `hear(content)` a message of its own. `tell(values)` gets what the page changed; `ask(content)` what it
 * sends. Python's status is what a widget says while an answer is late.
 */
export function modelOf(first, { tell, ask = () => {}, status = () => "busy" }) {
  const values = { ...first }, hearers = new Map();
  let changed = {};
  const of = (event) => hearers.get(event) ?? hearers.set(event, new Set()).get(event);
  const fire = (event, ...told) => { for (const hearer of [...of(event)]) hearer(...told); };
  const put = (news) => {
    Object.assign(values, news);
    for (const name of Object.keys(news)) fire(`change:${name}`);
    fire("change");
  };
  return {
    get: (name) => values[name],
    set(name, value) {
      changed[name] = value;
      put({ [name]: value });
    },
    save_changes() {
      const news = changed;
      changed = {};
      if (Object.keys(news).length) tell(news);
    },
    on: (event, hearer) => { of(event).add(hearer); },
    off: (event, hearer) => { of(event).delete(hearer); },
    send: ask,
    receive: put,
    hear: (content) => fire("msg:custom", content, []),
    widget_manager: { kernel: { get status() { return status(); } } },
  };
}

/** JSON in which { "\u0000": i } stands for the bytes number i, as Python sends them. */
export function parsed(text, buffers) {
  return JSON.parse(text, (_, value) => (value && value["\u0000"] !== undefined ? buffers[value["\u0000"]] : value));
}
