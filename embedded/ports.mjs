import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { PlainError } from './say.mjs';

export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The port a setting asks for; 0 means any that is free. In use: an error that names the setting. */
export async function portFor({ setting, value, host }) {
  const port = Number(value);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new PlainError(`${setting} is ${JSON.stringify(value)}; it must be a port, 0 to 65535`);
  }
  if (port === 0) return freePort();
  const taken = (await answersTo(port, '')) !== null || !(await canListen(port, host));
  if (taken) {
    throw new PlainError(`Port ${port} is already in use. Stop what holds it, or set ${setting} to another port.`);
  }
  return port;
}

function canListen(port, host) {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.on('error', (error) => {
      if (error.code === 'EADDRINUSE') return resolve(false);
      if (error.code === 'EACCES') return reject(new PlainError(`This user may not listen on port ${port}`));
      reject(new PlainError(`Cannot listen on ${host}:${port} (${error.code ?? error.message})`));
    });
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/** Connects, sends `question`, and answers the first bytes that come back ('' if nothing was asked); null if nobody listens. */
function answersTo(port, question) {
  return new Promise((resolve) => {
    const socket = net.connect({ port, host: '127.0.0.1' });
    const end = (answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => end(null));
    socket.on('error', () => end(null));
    socket.on('close', () => end(null));
    socket.on('data', (bytes) => end(bytes.toString('latin1')));
    socket.on('connect', () => (question ? socket.write(question) : end('')));
  });
}

/** The waits below end early, without a result, when `signal` is aborted. */
export function untilListening(port, signal) {
  return until(async () => (await answersTo(port, '')) !== null, signal);
}

export function untilRedisAnswers(port, signal) {
  return until(async () => (await answersTo(port, 'PING\r\n'))?.startsWith('+PONG'), signal);
}

export function untilHttpOk(url, signal) {
  return until(async () => {
    try {
      const answer = await fetch(url, { signal: AbortSignal.timeout(2000) });
      await answer.arrayBuffer();
      return answer.ok;
    } catch {
      return false;
    }
  }, signal);
}

async function until(isSo, signal) {
  while (!signal.aborted && !(await isSo())) await delay(25);
}
