/** The part of JQL that the simulator understands, as a tree. */
export type JqlClause =
  | { readonly kind: 'and' | 'or'; readonly clauses: readonly JqlClause[] }
  | { readonly kind: 'not'; readonly clause: JqlClause }
  | { readonly kind: 'test'; readonly field: string; readonly operator: JqlOperator; readonly operands: readonly string[] };
export type JqlOperator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '~' | '!~' | 'in' | 'not in' | 'is' | 'is not';

export interface JqlQuery {
  readonly clause: JqlClause | null;
  readonly order: readonly { readonly field: string; readonly descending: boolean }[];
}
export type JqlParse = { readonly ok: true; readonly query: JqlQuery } | { readonly ok: false; readonly error: string };

interface Token {
  readonly text: string;
  readonly quoted: boolean;
  readonly at: number;
}

class JqlError extends Error {}

const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(!=|>=|<=|!~|[=<>~(),])|([^\s=<>!~(),"']+))/y;

function tokenize(jql: string): Token[] {
  const tokens: Token[] = [];
  const pattern = new RegExp(TOKEN);
  const end = jql.trimEnd().length;
  while (pattern.lastIndex < end) {
    const at = pattern.lastIndex;
    const match = pattern.exec(jql);
    if (match === null)
      throw new JqlError(
        `Error in the JQL Query: The character '${jql[at] ?? ''}' is a reserved JQL character. (line 1, character ${at + 1})`,
      );
    const quoted = match[1] ?? match[2];
    if (quoted !== undefined) tokens.push({ text: quoted.replaceAll(/\\(.)/g, '$1'), quoted: true, at });
    else tokens.push({ text: match[3] ?? match[4] ?? '', quoted: false, at });
  }
  return tokens;
}

/** A hand-written recursive descent parser: or → and → not → test. */
class Parser {
  private readonly tokens: Token[];
  private position = 0;

  constructor(tokens: Token[]) {
    this.tokens = tokens;
  }

  parse(): JqlQuery {
    const clause = this.tokens.length === 0 || this.isWord('order') ? null : this.or();
    const order = this.order();
    if (this.position < this.tokens.length) throw this.unexpected();
    return { clause, order };
  }

  private unexpected(): JqlError {
    const token = this.tokens[this.position];
    if (token === undefined)
      return new JqlError('Error in the JQL Query: Expecting either a value, list or function but got the end of the query.');
    return new JqlError(
      `Error in the JQL Query: Expecting either 'OR' or 'AND' but got '${token.text}'. (line 1, character ${token.at + 1})`,
    );
  }

  private isWord(word: string, offset = 0): boolean {
    const token = this.tokens[this.position + offset];
    return token !== undefined && !token.quoted && token.text.toLowerCase() === word;
  }

  private take(): Token {
    const token = this.tokens[this.position];
    if (token === undefined) throw this.unexpected();
    this.position += 1;
    return token;
  }

  private expect(word: string): void {
    if (!this.isWord(word)) throw this.unexpected();
    this.position += 1;
  }

  private chain(kind: 'and' | 'or', next: () => JqlClause): JqlClause {
    const clauses = [next()];
    while (this.isWord(kind)) {
      this.position += 1;
      clauses.push(next());
    }
    const [only] = clauses;
    return clauses.length === 1 && only !== undefined ? only : { kind, clauses };
  }

  private or(): JqlClause {
    return this.chain('or', () => this.chain('and', () => this.not()));
  }

  private not(): JqlClause {
    if (this.isWord('not')) {
      this.position += 1;
      return { kind: 'not', clause: this.not() };
    }
    if (this.isWord('(')) {
      this.position += 1;
      const clause = this.or();
      this.expect(')');
      return clause;
    }
    return this.test();
  }

  private test(): JqlClause {
    const field = this.take().text.toLowerCase();
    const operator = this.operator();
    const operands = operator === 'in' || operator === 'not in' ? this.list() : [this.value()];
    return { kind: 'test', field, operator, operands };
  }

  private operator(): JqlOperator {
    const word = this.take().text.toLowerCase();
    if (word === 'not') {
      this.expect('in');
      return 'not in';
    }
    if (word === 'is' && this.isWord('not')) {
      this.position += 1;
      return 'is not';
    }
    const known: readonly JqlOperator[] = ['=', '!=', '>', '>=', '<', '<=', '~', '!~', 'in', 'is'];
    const operator = known.find((candidate) => candidate === word);
    if (operator === undefined) {
      this.position -= 1;
      throw this.unexpected();
    }
    return operator;
  }

  private list(): string[] {
    // `sprint in openSprints()`: a function that stands for a list needs no brackets of its own.
    if (!this.isWord('(')) return [this.value()];
    this.expect('(');
    const values = [this.value()];
    while (this.isWord(',')) {
      this.position += 1;
      values.push(this.value());
    }
    this.expect(')');
    return values;
  }

  /** A word, a quoted text, or a function with at most one argument, written out with its brackets. */
  private value(): string {
    const token = this.take();
    if (!token.quoted && ['(', ')', ',', '=', '<', '>', '~'].includes(token.text)) {
      this.position -= 1;
      throw this.unexpected();
    }
    if (!token.quoted && this.isWord('(') && this.isWord(')', 1)) {
      this.position += 2;
      return `${token.text.toLowerCase()}()`;
    }
    if (!token.quoted && this.isWord('(') && this.isWord(')', 2)) {
      const argument = this.tokens[this.position + 1]?.text ?? '';
      this.position += 3;
      return `${token.text.toLowerCase()}(${argument})`;
    }
    return token.text;
  }

  private order(): { field: string; descending: boolean }[] {
    if (!this.isWord('order')) return [];
    this.position += 1;
    this.expect('by');
    const order: { field: string; descending: boolean }[] = [];
    do {
      const field = this.take().text.toLowerCase();
      const descending = this.isWord('desc');
      if (descending || this.isWord('asc')) this.position += 1;
      order.push({ field, descending });
    } while (this.isWord(',') && this.take());
    return order;
  }
}

/** Reads JQL. The error is Jira's wording, near enough. */
export function parseJql(jql: string): JqlParse {
  try {
    return { ok: true, query: new Parser(tokenize(jql)).parse() };
  } catch (error) {
    if (error instanceof JqlError) return { ok: false, error: error.message };
    throw error;
  }
}
