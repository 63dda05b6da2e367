// A reason not to sign. The code names one of the page's messages; the values fill its {placeholders}.
export class Problem extends Error {
  constructor(code, values = {}) {
    super(code);
    this.code = code;
    this.values = values;
  }
}
