import assert from 'node:assert/strict';
import test from 'node:test';
import { iceFragment, line, preferred, withCredentials } from '../../front/js/visit-sdp.js';

const offer = 'v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=ice-ufrag:abcd\r\na=ice-pwd:0123456789012345678901\r\na=mid:0\r\n';

test('a restart sends credentials and the mid of the first m-line, no more', () => {
	const fragment = iceFragment(offer);
	assert.match(fragment, /^a=ice-ufrag:abcd\r$/m);
	assert.match(fragment, /^a=ice-pwd:0123456789012345678901\r$/m);
	assert.match(fragment, /^a=mid:0\r$/m);
	assert.doesNotMatch(fragment, /fingerprint/);
});

test('the old answer takes the new credentials on each m-line', () => {
	const answer = 'a=ice-ufrag:old\r\na=ice-pwd:oldpwd\r\na=fingerprint:x\r\na=ice-ufrag:old\r\na=ice-pwd:oldpwd\r\n';
	const next = withCredentials(answer, 'a=ice-ufrag:new\r\na=ice-pwd:newpwd\r\n');
	assert.equal(next.match(/ice-ufrag:new/g).length, 2);
	assert.equal(next.match(/ice-pwd:newpwd/g).length, 2);
	assert.match(next, /fingerprint:x/);
	assert.doesNotMatch(next, /old/);
	assert.throws(() => withCredentials(answer, ''));
});

test('line ends stay as they were', () => {
	const next = withCredentials('a=ice-ufrag:old\r\na=ice-pwd:x\r\nb\r\n', 'a=ice-ufrag:n\r\na=ice-pwd:p\r\n');
	assert.equal(next, 'a=ice-ufrag:n\r\na=ice-pwd:p\r\nb\r\n');
});

test('a missing line is empty', () => {
	assert.equal(line(offer, 'a=nothing:'), '');
});

test('codecs come in our order, special profiles and strangers are left out', () => {
	const all = ['video/H264', 'video/VP9', 'video/rtx', 'video/VP8'].map((mimeType) => ({ mimeType }));
	all.push({ mimeType: 'video/VP9', sdpFmtpLine: 'profile-id=2' });
	const names = preferred(all, ['video/vp8', 'video/vp9', 'video/rtx']).map((c) => c.mimeType);
	assert.deepEqual(names, ['video/VP8', 'video/VP9', 'video/rtx']);
});
