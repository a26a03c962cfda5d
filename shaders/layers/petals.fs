/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Petals adrift: a few large translucent petals, a loose fan of fallen blossom, lie on dark water, light comes through their rims and veins; small ones drift far below, a huge one passes near and soft.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Water", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: closer, brighter at the heart, finer veins"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: the petals open a little"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light runs along rims and veins"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.93, "LABEL": "Seed: another gathering, another side of light"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.10, 0.06, 0.08, 1.0], "LABEL": "Ground: the dark water"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.76, 0.50, 0.52, 1.0], "LABEL": "Tone: light through the petals"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.66, 0.46, 0.66, 1.0], "LABEL": "Kin: the petals in shade, the small ones"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.93, 0.76, 0.46, 1.0], "LABEL": "Accent: the blush at the base, the dew"},
    {"NAME": "curl", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Curl: how far the petals are cupped and folded"},
    {"NAME": "veins", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Veins: how clearly they are drawn by the light"},
    {"NAME": "fallen", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Fallen: how many small petals drift far below"},
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Near: the huge soft petals close to the eye"}
  ]
}*/

#include "dream.glsl"

// A petal lies along x, base at -1 and tip at 1: the egg y = w (1 + k x) sqrt(1 - x^2),
// written as a radius that is 1 on the edge.
float egg(vec2 q, float w, float k) {
    q.y /= w * clamp(1.0 + k * q.x, 0.14, 1.4);
    return length(q);
}

// What has been laid so far, and the same light for all.
struct Heap { float glow, pale, blush, sleek, cover, shade, clear, lay, w; vec2 q, l; };
struct Lamp { vec2 dir; float open, cupped, rolled, px; };

// Lay one more petal over the heap: `c` is the place seen from the base, `size` half its length,
// `ang` turns its tip, `away` moves it off the base, d its dice.
void lay(inout Heap heap, Lamp lamp, vec2 c, float size, float ang, float away, vec4 d, float n) {
    vec2 cs = turn(ang);
    c /= size;
    vec2 q = vec2(c.x * cs.y + c.y * cs.x - 1.0 - away, c.y * cs.y - c.x * cs.x);
    vec2 l = vec2(lamp.dir.x * cs.y + lamp.dir.y * cs.x, lamp.dir.y * cs.y - lamp.dir.x * cs.x);
    // narrow at the base, broad towards the tip
    float w = (0.50 + 0.10 * d.y) * lamp.open, k = 0.58 + 0.14 * d.z;
    q.y += (d.x - 0.5) * 0.44 * (q.x * q.x - 0.3);                    // no petal lies straight
    float sy = q.y / w, wide = clamp(1.0 + k * q.x, 0.2, 1.5), y = sy / wide;
    float r = length(vec2(q.x, y)) + 1e-3;
    // how fast r grows here: no edge is narrower than two pixels
    vec2 grow = vec2(q.x - y * y * k / wide, y / (w * wide)) / r;
    float rpx = lamp.px / size * (0.25 + length(grow));
    // a ruffled margin, and the notch at the tip
    float tip = clamp(0.1 + 0.9 * q.x, 0.0, 1.0),
        dent = max(1.0 - 2.3 * abs(sy + 0.24 * (d.w - 0.5)), 0.0);
    float wavy = clamp(sy, -1.3, 1.3);
    r += tip * tip * (wavy * (wavy * wavy - 0.5) * (0.20 * d.w - 0.1) + (0.07 + 0.17 * d.x) * dent);
    float lean = dot(q, l);                                           // towards the lamp or not
    float found = clamp(0.55 + 0.6 * lean, 0.0, 1.0);
    float cov = clamp((1.0 - r) / (3.0 * rpx + 0.014 + 0.10 * (1.0 - found)) + 0.5, 0.0, 1.0);
    cov *= cov * (3.0 - 2.0 * cov);
    // shadow on what lies below, only on the side away from the lamp
    float sh = max(1.0 - 2.0 * max(r - 0.80 + 0.34 * lean, 0.0), 0.0);
    sh *= sh * (1.0 - cov) * clamp(2.6 - 1.8 * r, 0.0, 1.0);
    heap.glow *= 1.0 - 0.62 * sh;
    heap.shade *= 1.0 - 0.62 * sh;
    // a cup, its two halves tilted against each other along the midrib
    float rib = clamp(q.y * 4.0, -1.0, 1.0);
    vec2 g = vec2(0.25 + 0.60 * q.x, 0.72 * sy + (0.10 + 0.20 * d.w) * lamp.cupped * rib);
    float lam = clamp(0.50 + 0.60 * dot(g, l), 0.0, 1.0);
    // one side rolls over towards the tip: a dark line, then the bright back of the petal
    float lip = clamp(1.8 * sy * (d.w < 0.5 ? -1.0 : 1.0) - 0.1, 0.0, 1.0) * clamp(1.6 * tip, 0.0, 1.0);
    float roll = r - 0.97 + (0.06 + 0.20 * d.z) * lamp.rolled * tip;
    float back = clamp(roll * min(22.0, 0.5 / rpx), 0.0, 1.0) * lip;
    float dark = max(1.0 + 3.5 * min(roll, 0.0), 0.0);
    dark *= dark * lip * (1.0 - back);
    // light comes through the thin blade, most at the margin, hardly through the thick base
    float rim = clamp(r, 0.0, 1.0);
    rim *= rim;
    rim *= rim * (0.25 + 0.75 * found);
    float blade = clamp(0.66 + 0.42 * q.x, 0.16, 1.0);
    float body = (0.13 + 0.87 * lam) * (1.0 - 0.55 * dark) * blade;
    body = mix(body, 0.25 + 0.75 * (1.0 - 0.8 * lam) * found, back);
    float lit = (body * 0.86 + rim * blade * 0.46) * (0.70 + 0.08 * n + 0.20 * l.x);
    lit *= 1.0 - 0.25 * heap.cover * (1.0 - rim);                     // light through two is dimmer
    heap.glow = mix(heap.glow, lit + 0.12 * heap.glow, cov);
    float hot = clamp(0.65 * lam + 0.5 * rim + 0.4 * back - 0.35 * d.y + 0.3, 0.0, 1.0);
    heap.pale = mix(heap.pale, hot, cov);
    heap.blush = mix(heap.blush, clamp(-0.2 - 1.3 * q.x, 0.0, 1.0), cov);
    heap.sleek = mix(heap.sleek, max(back, 0.4 * rim), cov);
    heap.cover = max(heap.cover, cov);
    // where one pattern gives way to another both have faded out
    heap.clear = min(cov > 0.5 ? 1.0 : heap.clear, abs(2.0 * cov - 1.0));
    if (cov > 0.5) { heap.q = q; heap.l = l; heap.w = w; heap.lay = n + 1.0; }
}

// A small petal of a layer of cells, far below: x its light, y its shadow on the water.
vec2 adrift(vec2 f, int k, float e, vec2 ldir, float t) {
    vec2 ci = floor(f);
    vec4 d = cell_dice(ci, k);
    vec2 cs = turn(d.z + 0.05 * swing(t * 0.008 + d.x));
    vec2 c = (f - ci - 0.5 - (d.xy - 0.5) * 0.26) / (0.20 + 0.11 * d.x);
    vec2 q = vec2(c.x * cs.y + c.y * cs.x, c.y * cs.y - c.x * cs.x);
    q.y += (d.w - 0.7) * (q.x * q.x - 0.4);
    float r = egg(q, 0.46 + 0.20 * d.y, 0.62);
    float there = clamp((d.w - 0.90 + 0.75 * fallen) * 8.0, 0.0, 1.0);
    float cov = clamp((1.0 - r) * (0.5 / e) + 0.5, 0.0, 1.0);
    cov *= cov * (3.0 - 2.0 * cov);
    float rest = max(1.0 - 1.3 * max(r - 0.8, 0.0), 0.0);
    float lam = clamp(0.45 + 0.4 * dot(c, ldir) + 0.3 * q.y, 0.0, 1.0);
    return there * vec2(cov * (0.15 + 0.85 * lam), rest * rest * (1.0 - cov));
}

void main() {
    float asp = RENDERSIZE.x / RENDERSIZE.y;
    float px = 1.0 / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(asp, 1.0);
    float t = TIME;

    Hues own = hues();
    vec3 hg = own.ground, ht = own.tone, hk = own.kin, ha = own.accent;

    vec4 die = dice();
    float s1 = die.x, s2 = die.y, s3 = die.z, s4 = die.w;
    float hand = s4 < 0.5 ? -1.0 : 1.0;
    float zoom = mix(1.16, 0.90, energy);
    float open = clamp(0.5 + 0.30 * valence + 0.30 * (breath - 0.5) - 0.14 * arousal, 0.0, 1.0);
    float power = mix(0.62, 1.70, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.25 * wave);

    // ---- the light: low, from one side, behind the gathering ----
    vec2 lp = vec2(hand * (0.46 + 0.12 * s1), 0.26 + 0.22 * s2);
    vec2 tol = lp - p;
    float ld = dot(tol, tol);
    float fall = 1.0 / (1.0 + 3.4 * ld);
    vec2 ldir = normalize(lp);
    // sympathy: a front of light that leaves the lamp and crosses the petals
    float front = sqrt(ld) - 0.62 * wave;
    float run = wave * ebb(front * front * 11.0);

    // ---- the middle: a fan of petals off one blossom, the lowest first, and one that fell apart ----
    Heap heap = Heap(0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 0.0, 1.0, p, p);
    Lamp lamp = Lamp(ldir, 0.84 + 0.28 * open, (0.2 + 1.1 * curl) * (1.25 - 0.5 * open),
                     curl * (1.3 - 0.6 * open), px * zoom);
    vec2 sway = turn(t * 0.0143 + s2), lean = turn(t * 0.0171 + s3);
    vec4 fate = die - 0.5, lot = fract(die * 7.31) - 0.5;
    vec2 dir = turn(s1).yx, off = vec2(-dir.y, dir.x);                // which way the fan opens
    vec2 c = p * zoom + vec2(fate.y, fate.w) * 0.06;
    vec2 b = c + dir * (0.11 + 0.04 * s3);                            // where the stalk was
    float side = s2 < 0.5 ? 1.0 : -1.0, fan = (0.150 + 0.05 * fate.z + 0.02 * open) * side;
    lay(heap, lamp, b + dir * 0.04 + 0.12 * lot.xy + 0.006 * sway, 0.245 + 0.05 * s2,
        s1 + 0.14 * fate.w + 0.012 * lean.x, 0.05 + 0.2 * s3, die, 0.0);
    lay(heap, lamp, b + 0.12 * lot.yz - 0.007 * sway.yx, 0.225 + 0.05 * s3,
        s1 + fan + 0.10 * fate.x - 0.014 * lean.y, 0.05 + 0.3 * s4, die.yzwx, 1.0);
    lay(heap, lamp, b + 0.12 * lot.zw + 0.008 * sway.yx, 0.205 + 0.05 * s4,
        s1 - fan + 0.10 * fate.y + 0.016 * lean.y, 0.05 + 0.3 * s1, die.zwxy, 2.0);
    lay(heap, lamp, c + dir * (0.25 + 0.06 * lot.x) + off * (0.30 * fate.y) - 0.014 * sway,
        0.155 + 0.04 * s1, s1 + 0.30 + 0.5 * lot.z + 0.024 * lean.y, -1.0, die.wxyz, 3.0);
    vec2 lq = heap.q;

    // ---- one set of noise: veins on the petals, slow ripples on the water ----
    bool on = heap.lay > 0.5;
    float splay = 1.0 / (heap.w * (0.66 + 0.5 * lq.x + 0.1 * lq.x * lq.x) + 0.06);
    float arc = lq.y * splay;                                         // veins spread from the base
    float fpx = px * zoom * 5.0 * splay;
    vec2 wp = p * zoom * vec2(hand, 1.0);
    wp = vec2(0.83 * wp.x - 0.56 * wp.y, 0.56 * wp.x + 0.83 * wp.y) + s2 * 17.0;
    vec2 o1 = on ? vec2(arc * 3.1 + heap.lay * 17.0, lq.x * 1.3 + s1 * 9.0)
                 : wp * vec2(1.7, 4.6) + vec2(t * 0.012, -t * 0.017);
    float v1 = vnoise(o1);
    vec2 o2 = on ? vec2(arc * 9.0 + v1 * 0.5 + heap.lay * 31.0, lq.x * 2.1 - abs(lq.y) * 1.5)
                 : wp * vec2(3.4, 13.0) + vec2(v1 * 0.4 - t * 0.016, t * 0.023 + 7.0);
    float v2 = vnoise(o2) * fade(on ? 9.0 * fpx : 12.0 * px);
    vec2 o3 = on ? vec2(arc * 25.0 + v2 * 0.8 + heap.lay * 47.0, lq.x * 5.0 - abs(lq.y) * 4.0)
                 : wp * vec2(8.0, 29.0) + vec2(v2 * 0.4 + t * 0.021, v1 - t * 0.032);
    float v3 = vnoise(o3) * fade(on ? 25.0 * fpx : 36.0 * px);
    vec2 o4 = on ? vec2(arc * 64.0 + v3, lq.x * 42.0 + v2 * 2.0) : wp * 61.0 + vec2(v3, v2) + t * 0.03;
    float v4 = fade(on ? 64.0 * fpx : 64.0 * px);
    v4 *= vnoise(o4);
    // a vein is the crest where the noise turns
    float vein = 0.55 * (1.0 - 3.0 * abs(v1)) + 0.75 * fade(9.0 * fpx) * (0.75 - 2.4 * abs(v2))
               + 0.5 * v3 + 0.34 * v4;
    vein *= heap.clear;

    // ---- far: dark water, the lamp on it, small petals drifting ----
    float rip = (0.7 * v1 + 0.35 * v2 + 0.10 * v3) * heap.clear;
    float pool = fall * fall;
    float water = 0.007 + 0.052 * pool * (1.0 + 0.9 * rip);
    float glint = max(v2 + 0.25 * v3 + 0.10 * v4 + 0.7 * v1, 0.0);
    glint *= glint * 1.6 * pool * pool * heap.clear;
    vec2 f = p * mix(1.05, 0.97, energy);
    f = vec2(0.91 * f.x - 0.41 * f.y, 0.41 * f.x + 0.91 * f.y);
    vec2 drift = vec2(t, 0.5 * t) + 1.2 * vec2(sway.x, lean.y);
    vec2 deep = adrift(f * 6.7 + drift.yx * 0.011 + s3 * 40.0, 22, 0.26 + 26.0 * px, ldir, t);
    vec2 afloat = adrift(f * 3.7 + drift * 0.016 + s2 * 40.0, 21, 0.13 + 24.0 * px, ldir, t);
    float drop = max(afloat.y, 0.6 * deep.y), small = max(afloat.x, 0.5 * deep.x);

    vec3 col = mix(hg, hk, 0.30) * water * (1.0 - 0.5 * drop) + hg * 0.005;
    col += mix(ht, hk, 0.5) * glint * 0.12 * power;
    col += mix(hk, ht, 0.45) * small * (0.010 + 0.30 * pool) * power;
    col *= heap.shade;

    // ---- the petals over it ----
    float grain = clamp(1.0 + (0.20 + 0.8 * veins) * mix(0.36, 0.52, energy) * vein, 0.15, 2.0);
    // a few drops of dew: dark towards the lamp, the light gathered on the other side, one small glint
    vec2 dq = lq * 1.9 + 7.0;
    vec2 di = floor(dq);
    vec4 dd = cell_dice(di + heap.lay * 16.0, 31);
    vec2 seat = di + 0.25 + 0.5 * dd.xy;
    float drad = 0.070 + 0.110 * dd.z;
    vec2 dv = (dq - seat) / drad;
    vec2 place = (seat - 7.0) * vec2(1.0, 1.7);
    float live = step(0.72, dd.w) * clamp(2.6 - 1.1 * dot(place, place), 0.0, 1.0) * heap.cover
               * heap.clear * fade(11.0 * px / drad);
    float dr = dot(dv, dv), dsoft = 0.30 + 22.0 * px / drad;
    float bead = clamp((1.0 - dr) / dsoft, 0.0, 1.0) * live;
    float lens = 1.05 - 0.80 * dot(dv, heap.l);
    vec2 gv = dv - 0.45 * heap.l;
    float gem = bead * max(1.0 - 16.0 * dot(gv, gv), 0.0);
    vec2 sv = dv + 0.35 * heap.l;
    float under = max(1.0 - 0.45 * dot(sv, sv), 0.0) * live * (1.0 - bead);

    float light = heap.glow * mix(1.0, grain, heap.cover * (1.0 - 0.8 * heap.sleek));
    light *= mix(1.0 - 0.45 * under, 0.15 + 0.85 * lens, bead);
    light *= 0.10 + fall * (0.43 + 0.42 * fall);
    vec3 leaf = mix(mix(hk, hg, 0.15), ht, heap.pale);
    leaf = mix(leaf, ha, 0.45 * heap.blush * heap.blush);
    col = mix(col, hg * 0.006 + leaf * light * power, heap.cover);
    col += ha * gem * gem * fall * min(0.1 + 1.6 * heap.glow, 1.0) * power;
    col += mix(ht, ha, 0.3) * run * (0.004 + 0.38 * heap.glow * grain * heap.cover);

    // ---- near: one, huge, out of focus ----
    vec2 at = s1 < 0.6 ? vec2(-hand * 0.70, -0.52 + 0.12 * s1) : vec2(hand * 0.78, -0.42);
    at += 0.05 * turn(t * 0.0113 + s2);
    vec2 cs = turn(s2 + 0.23 + 0.02 * swing(t * 0.0097 + s1));
    c = (p - at) * 2.1;
    vec2 q = vec2(c.x * cs.y + c.y * cs.x, c.y * cs.y - c.x * cs.x);
    q.y += 0.3 * q.x * q.x;
    float r = egg(q, 0.56, 0.4);
    float cov = (1.0 - smoothstep(0.60, 1.30, r)) * min(near * 1.6, 0.94);
    float rim = smoothstep(-0.9, 1.0, dot(c, ldir));
    rim *= 0.5 + 0.5 * clamp(1.4 * r - 0.3, 0.0, 1.0);
    vec3 veil = mix(hk, ht, 0.3 + 0.4 * rim) * (0.008 + fall * (0.03 + 0.30 * rim * rim)) * power;
    col = mix(col, veil, cov);

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
