// A mail server (smtp-server) as a program of its own, to be run in a network namespace: it listens on 127.0.0.1 at the
// port that is its argument and writes every mail it takes as one line of JSON, after one line `listening`.
import { SMTPServer } from 'smtp-server';

const server = new SMTPServer({
  authOptional: true,
  // In a namespace nobody answers it, and every greeting would wait.
  disableReverseLookup: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, { hostNameAppearsAs, envelope }, callback) {
    const chunks = [];
    stream.on('data', (chunk) => chunks.push(chunk));
    stream.on('end', () => {
      const text = Buffer.concat(chunks).toString('utf8');
      const recipients = envelope.rcptTo.map(({ address }) => address);
      process.stdout.write(
        `${JSON.stringify({ helo: hostNameAppearsAs, from: envelope.mailFrom.address, recipients, text })}\n`,
      );
      callback();
    });
  },
});
// keepalived connects for its last mails and ends before it sends them.
server.on('error', () => undefined);
server.listen(Number(process.argv[2]), '127.0.0.1', () => process.stdout.write('listening\n'));
