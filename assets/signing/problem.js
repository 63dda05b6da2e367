// A reason not to sign. The code names one of the page's messages.
export class Problem extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}
