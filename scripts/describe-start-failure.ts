/** Of the database driver and the name lookup: nobody answers there. */
const UNREACHABLE = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT']);

const codeOf = (error: Error): unknown => {
  if ('code' in error) return error.code;
  // Sequelize wraps what the driver said.
  const inner = 'parent' in error ? error.parent : error.cause;
  return inner instanceof Error && 'code' in inner ? inner.code : null;
};

/** What stopped the start and what to do, for a person at a terminal. Quotes no setting: it may hold a password. */
export function describeStartFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  if (code === 'EADDRINUSE' && 'port' in error) {
    return `Port ${String(error.port)} is taken by another program. Stop that one, or choose another port with PORT.`;
  }
  if (typeof code === 'string' && UNREACHABLE.has(code)) {
    return `The database does not answer (${error.message}). Check that it runs, and that DATABASE_URL names its host and port.`;
  }
  if (error.name.startsWith('SequelizeConnection')) {
    return `The database cannot be used (${error.message}). Check DATABASE_URL: host, port, database, user and password.`;
  }
  return error.message;
}
