/*
 * picture.js - a film whose every frame says who made it and when, and the reader of it.
 *
 * A row of 16 black or white blocks across the top third: 1 0, four bits of who, eight bits of
 * frame number, even parity, 1.  Coarse enough to survive a thin line.  Below it a bar wanders.
 */
import { createWriteStream } from 'node:fs';
import { once } from 'node:events';

export const WIDTH = 640;
export const HEIGHT = 360;
export const FPS = 15;
export const FRAMES = 75;
const BITS = 16;
const BLOCK = WIDTH / BITS;
const BAND = HEIGHT / 3;

function bitsOf(who, frame) {
	const bits = [1, 0];
	for (let i = 3; i >= 0; i--)
		bits.push((who >> i) & 1);
	for (let i = 7; i >= 0; i--)
		bits.push((frame >> i) & 1);
	bits.push(bits.reduce((a, b) => a ^ b, 0), 1);
	return bits;
}

/** Writes the film of this person as Y4M, which Chromium plays as its camera, round and round. */
export async function writeFilm(path, who, fps = FPS, by = 1) {
	const width = WIDTH / by, height = HEIGHT / by;
	const file = createWriteStream(path);
	file.write(`YUV4MPEG2 W${width} H${height} F${fps}:1 Ip A1:1 C420jpeg
`);
	const chroma = Buffer.alloc(width * height / 2, 118 + who * 4);
	for (let frame = 0; frame < FRAMES; frame++) {
		const bits = bitsOf(who, frame);
		const luma = Buffer.alloc(width * height, 90);
		const row = Buffer.alloc(width);
		for (let x = 0; x < width; x++)
			row[x] = bits[Math.floor(x * by / BLOCK)] ? 230 : 20;
		for (let y = 0; y < BAND / by; y++)
			row.copy(luma, y * width);
		const bar = (frame * 8) % (WIDTH - 60) / by;
		for (let y = (BAND + 40) / by; y < height - 40 / by; y++)
			luma.fill(200, y * width + bar, y * width + bar + 60 / by);
		file.write(`FRAME\n`);
		file.write(luma);
		if (!file.write(chroma))
			await once(file, 'drain');
	}
	file.end();
	await once(file, 'finish');
}

/**
 * Runs in the page: what the video says now: {who, frame}, or null when it cannot be read.
 * Also given as text to pages, so it uses nothing from outside.
 */
export function readPicture(video) {
	if (!video || !video.videoWidth)
		return null;
	const canvas = document.createElement('canvas');
	canvas.width = 160;
	canvas.height = 90;
	const context = canvas.getContext('2d', { willReadFrequently: true });
	context.drawImage(video, 0, 0, 160, 90);
	const bits = [];
	for (let i = 0; i < 16; i++) {
		const { data } = context.getImageData(i * 10 + 3, 8, 4, 14);
		let sum = 0;
		for (let p = 0; p < data.length; p += 4)
			sum += data[p] + data[p + 1] + data[p + 2];
		bits.push(sum / (data.length / 4) / 3 > 125 ? 1 : 0);
	}
	const parity = bits.slice(0, 14).reduce((a, b) => a ^ b, 0);
	if (bits[0] !== 1 || bits[1] !== 0 || bits[15] !== 1 || bits[14] !== parity)
		return null;
	const number = (from, to) => bits.slice(from, to).reduce((a, b) => a * 2 + b, 0);
	return { who: number(2, 6), frame: number(6, 14) };
}

/**
 * Runs in a page before its own scripts (Firefox, whose fake camera says nothing): the same film
 * drawn on a canvas. Its fake microphone, a tone, will do.
 */
export function fakeDevices({ who, fps }) {
	const media = navigator.mediaDevices;
	if (!media)
		return; // about:blank is no secure place
	const devices = media.getUserMedia.bind(media);
	media.getUserMedia = async (wanted) => {
		const canvas = document.createElement('canvas');
		canvas.width = 640;
		canvas.height = 360;
		const context = canvas.getContext('2d');
		let frame = 0;
		const draw = () => {
			const bits = [1, 0];
			for (let i = 3; i >= 0; i--)
				bits.push((who >> i) & 1);
			for (let i = 7; i >= 0; i--)
				bits.push((frame >> i) & 1);
			bits.push(bits.reduce((a, b) => a ^ b, 0), 1);
			context.fillStyle = '#5a5a5a';
			context.fillRect(0, 0, 640, 360);
			bits.forEach((bit, i) => {
				context.fillStyle = bit ? '#e6e6e6' : '#141414';
				context.fillRect(i * 40, 0, 40, 120);
			});
			context.fillStyle = '#c8c8c8';
			context.fillRect((frame * 8) % 580, 160, 60, 160);
			frame = (frame + 1) % 75;
		};
		draw();
		setInterval(draw, 1000 / fps);
		const stream = wanted.video ? canvas.captureStream(fps) : new MediaStream();
		if (wanted.audio) {
			const tone = await devices({ audio: { noiseSuppression: false, echoCancellation: false, autoGainControl: false } });
			stream.addTrack(tone.getAudioTracks()[0]);
		}
		return stream;
	};
}
