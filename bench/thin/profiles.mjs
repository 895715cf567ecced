// profiles.mjs - the lines of bench/thin-lines, and what is to be reached on them.
//
// Words as of tests/common/emulated_line.h, the same both ways; times of steps count from the laying of the line, and the
// ends have joined long before the first. target: least or most of what the worse of the two ends gets (see figures.mjs).

const line = (rate, rest = '') => `rate=${rate} queue=300 delay=40 ${rest}`.trim()

export const PROFILES = {
  'P1': { says: '64 kbit/s', line: line('64k'), target: { fps: 7, freezes_min: 1, concealed: 0.005, delay_p95: 600 } },
  'P2': { says: '100 kbit/s', line: line('100k'), target: { fps: 11, freezes_min: 0.5 } },
  'P3': { says: '150 kbit/s', line: line('150k'), target: { fps: 14, freezes_min: 0 } },
  'P4': { says: '300 kbit/s', line: line('300k'), target: { asStock: true } },
  'P5': { says: 'geostationary: 1 Mbit/s, 600 ms, 1 %', line: 'rate=1000k queue=300 delay=300 loss=1%', target: { concealed: 0.003, asStock: true } },
  'P6': { says: '1 Mbit/s, 5 % lost', line: line('1000k', 'loss=5%'), target: { asStock: true } },
  'P7': { says: '1 Mbit/s, 10 % lost', line: line('1000k', 'loss=10%'), target: { freezes_min: 1, concealed: 0.01 } },
  'P8': { says: '1 Mbit/s, 20 % lost', line: line('1000k', 'loss=20%'), target: { frozen: 0.05, concealed: 0.015 } },
  'P9': { says: '1 Mbit/s, 10 % lost in bursts of 5.5', line: line('1000k', 'burst=10%/5.5'), target: { concealed: 0.02 } },
  'P10': {
    says: 'step 1.5 Mbit/s, 250 kbit/s for 30 s, 1.5 Mbit/s', line: 'steps=0:1500k,35:250k,65:1500k queue=300 delay=40',
    from_s: 30, until_s: 90, back_s: 65, target: { frozen_s: 2, recovered_s: 10 },
  },
  'P11': { says: 'a TCP download beside it in 2 Mbit/s, 1 s of buffer', line: 'rate=2000k queue=1000 delay=40', download: true, target: { asStock: true } },
  'P12': { says: 'six calls on one ADSL line, 1 Mbit/s up, 8 down', down: 'rate=8000k queue=300 delay=20', up: 'rate=1000k queue=300 delay=20', calls: 6, target: { fairness: 0.95, queue_p95: 100 } },
  'P13': { says: 'UDP blocked, 2 Mbit/s, 1 % lost', line: 'rate=2000k queue=300 delay=40 loss=1% noudp', target: { first_ms: 6000, fps: 8 } },
  'P14': { says: '5 s without a line', line: 'steps=0:1000k,35:0,40:1000k queue=300 delay=40', from_s: 30, until_s: 60, back_s: 40, target: { recovered_s: 3 } },
  'P15': {
    says: 'a mobile line: 120 to 900 kbit/s, from second to second',
    line: 'steps=0:700k,3:420k,5:180k,8:640k,11:900k,14:300k,16:120k,20:480k,23:760k,27:240k,30:560k repeat=33 queue=600 delay=40 jitter=15', target: { asStock: true },
  },
  'P16': { says: 'a policer at 256 kbit/s with 8 kB', line: 'police=256k/8000 queue=300 delay=40', target: { asStock: true } },
  'L1': { says: '512 kbit/s, 50 ms, 1 % lost', line: 'rate=512k queue=300 delay=25 loss=1%', target: { fps: 15, frozen: 0.03, concealed: 0.01 } },
  'L2': { says: '256 kbit/s, 100 ms, 3 % lost', line: 'rate=256k queue=300 delay=50 loss=3%', target: { fps: 8, concealed: 0.02 } },
  'L3': { says: '128 kbit/s, 150 ms, 5 % lost', line: 'rate=128k queue=300 delay=75 loss=5%', target: { concealed: 0.02 } },
  'L4': { says: '64 kbit/s, 200 ms, 5 % lost', line: 'rate=64k queue=300 delay=100 loss=5%', target: { concealed: 0.03 } },
  'L5': { says: '10 s without a line', line: 'steps=0:1000k,35:0,45:1000k queue=300 delay=40', from_s: 30, until_s: 65, back_s: 45, target: { sound_back_s: 1, recovered_s: 5 } },
}

/** The two directions of a profile: towards the far end, and from it. */
export const directions = profile => [profile.down ?? profile.line, profile.up ?? profile.line]
