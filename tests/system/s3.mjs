// s3.mjs - a real object store for the tests: s3rver on loopback.  s3.mjs PORT FOLDER
//
// s3rver does not check signatures of version 4.  The door before it does, and the hash of each body, as
// "Authenticating Requests (AWS Signature Version 4)" of the Amazon S3 API Reference says.
import { createHash, createHmac } from 'node:crypto';
import { createServer, request } from 'node:http';
import S3rver from 's3rver';

const ID = 'S3RVER', SECRET = 'S3RVER';
const [port, folder] = process.argv.slice(2);

const sha256 = (data) => createHash('sha256').update(data).digest('hex');
const hmac = (key, data) => createHmac('sha256', key).update(data).digest();

/** What the signature of a request must be. */
function signatureOf(req, scope, signed) {
	const [date, region, service, end] = scope.split('/').slice(1);
	const headers = signed.split(';').map((name) => `${name}:${req.headers[name].trim().replace(/ +/g, ' ')}\n`).join('');
	const canonical = [req.method, req.url, '', headers, signed, req.headers['x-amz-content-sha256']].join('\n');
	const text = ['AWS4-HMAC-SHA256', req.headers['x-amz-date'], [date, region, service, end].join('/'), sha256(canonical)].join('\n');
	const key = [region, service, end].reduce(hmac, hmac(`AWS4${SECRET}`, date));
	return hmac(key, text).toString('hex');
}

function isGood(req, body) {
	const said = /^AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(req.headers.authorization ?? '');
	if (!said || !said[1].startsWith(`${ID}/`) || !said[1].endsWith('/us-east-1/s3/aws4_request'))
		return false;
	const must = ['host', 'x-amz-content-sha256', 'x-amz-date'];
	return must.every((name) => said[2].split(';').includes(name)) && req.headers['x-amz-content-sha256'] === sha256(body)
		&& signatureOf(req, said[1], said[2]) === said[3];
}

const store = new S3rver({ address: '127.0.0.1', port: 0, directory: folder, silent: true, configureBuckets: [{ name: 'recordings' }] });
const inner = await store.run();

createServer((req, res) => {
	const pieces = [];
	req.on('data', (piece) => pieces.push(piece));
	req.on('end', () => {
		const body = Buffer.concat(pieces);
		if (!isGood(req, body)) {
			res.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
			return;
		}
		const on = request({ port: inner.port, host: '127.0.0.1', method: req.method, path: req.url, headers: req.headers }, (answer) => {
			res.writeHead(answer.statusCode, answer.headers);
			answer.pipe(res);
		});
		on.on('error', () => res.destroy());
		on.end(body);
	});
}).listen(Number(port), '127.0.0.1');
