// A web server as a program of its own, to be run in a network namespace: it listens on 127.0.0.1 at the port that is its
// argument, answers 204, and writes every request as one line of JSON, after one line `listening`.
import { createServer } from 'node:http';

const server = createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const { method, url, headers } = request;
    process.stdout.write(`${JSON.stringify({ method, url, headers, body: Buffer.concat(chunks).toString('utf8') })}\n`);
    response.writeHead(204).end();
  });
});
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('listening\n'));
