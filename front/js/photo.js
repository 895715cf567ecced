/**
 * photo.js - a photo is looked at before it is sent: shown, judged in a sentence, made smaller for a thin line.
 *
 * Only advice: without this script, or where the device cannot show the photo, the form works all the same.
 *
 * <form data-module="pvl-photo"> <input type="file" name="photo"> …
 *   <div data-slot="check" hidden><img data-slot="preview"> <p data-slot="hint"></p></div>
 *   <template data-template="words"> good, small, dark, bright, blurred, unreadable </template>
 * </form>
 */

import { finder, readWords, say, setText, showIf } from './visit-view.js';

const SIDE = 1600; // what the service keeps: more would be sent for nothing
const SMALL = 600;
const SAMPLE = 256;

/**
 * The word for what can be seen of a photo: its shorter side, and grey levels of a small copy of it.
 * @param {number} shortSide
 * @param {Uint8ClampedArray|number[]} grey
 * @param {number} width of the copy
 */
export function judge(shortSide, grey, width) {
	if (shortSide < SMALL)
		return 'small';
	let sum = 0;
	for (const level of grey)
		sum += level;
	const mean = sum / Math.max(1, grey.length);
	if (mean < 50)
		return 'dark';
	if (mean > 235)
		return 'bright';
	/* Edges of a sharp photo: the mean of how much each level differs from the four beside it. */
	let edges = 0, count = 0;
	for (let i = width + 1; i < grey.length - width - 1; i++, count++)
		edges += Math.abs(4 * at(grey, i) - at(grey, i - 1) - at(grey, i + 1) - at(grey, i - width) - at(grey, i + width));
	return edges / Math.max(1, count) < 4 ? 'blurred' : 'good';
}

/** @param {Uint8ClampedArray|number[]} list @param {number} i */
const at = (list, i) => list[i] ?? 0;

/** @param {ImageBitmap} bitmap @param {number} longest */
function drawn(bitmap, longest) {
	const scale = Math.min(1, longest / Math.max(bitmap.width, bitmap.height));
	const canvas = document.createElement('canvas');
	canvas.width = Math.max(1, Math.round(bitmap.width * scale));
	canvas.height = Math.max(1, Math.round(bitmap.height * scale));
	const context = canvas.getContext('2d', { willReadFrequently: longest === SAMPLE });
	context?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
	return { canvas, context };
}

/** @param {ImageBitmap} bitmap */
function judged(bitmap) {
	const { canvas, context } = drawn(bitmap, SAMPLE);
	const pixels = context?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
	const grey = [];
	for (let i = 0; i < pixels.length; i += 4)
		grey.push((at(pixels, i) * 3 + at(pixels, i + 1) * 6 + at(pixels, i + 2)) / 10);
	return judge(Math.min(bitmap.width, bitmap.height), grey, canvas.width);
}

/** @param {HTMLInputElement} input @param {ImageBitmap} bitmap */
async function replace(input, bitmap) {
	if (Math.max(bitmap.width, bitmap.height) <= SIDE)
		return;
	const { canvas } = drawn(bitmap, SIDE);
	const blob = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.9));
	if (!(blob instanceof Blob))
		return;
	const files = new DataTransfer();
	files.items.add(new File([blob], 'photo.jpg', { type: 'image/jpeg' }));
	input.files = files.files;
}

/** @param {HTMLElement} root */
export function start(root) {
	const find = finder(root);
	const words = readWords(root);

	/** @param {HTMLInputElement} input */
	async function look(input) {
		const file = input.files?.[0];
		const preview = find('preview');
		showIf(find('check'), file !== undefined);
		if (!file || !(preview instanceof HTMLImageElement))
			return;
		for (const other of root.querySelectorAll('input[type=file]'))
			if (other !== input && other instanceof HTMLInputElement)
				other.value = '';
		try {
			const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' });
			preview.src = drawn(bitmap, 480).canvas.toDataURL('image/jpeg');
			preview.hidden = false;
			setText(find('hint'), say(words, judged(bitmap)));
			await replace(input, bitmap);
			bitmap.close();
		} catch {
			preview.hidden = true;
			setText(find('hint'), say(words, 'unreadable'));
		}
	}

	for (const input of root.querySelectorAll('input[type=file]'))
		if (input instanceof HTMLInputElement) {
			input.addEventListener('change', () => look(input));
			if (input.files?.length) // chosen before this script was here
				void look(input);
		}
}
