/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Smoke script: from a small ember a thread of smoke rises, begins to write in a script nobody can read, turns into sheets and is gone.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Air", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: closer, brighter at the heart, finer"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs, the ember glows"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light climbs the thread"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another sentence"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.055, 0.06, 0.10, 1.0], "LABEL": "Ground: the dark air"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.50, 0.57, 0.70, 1.0], "LABEL": "Tone: the smoke"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.50, 0.44, 0.68, 1.0], "LABEL": "Kin: the sheets and the far smoke"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.96, 0.56, 0.32, 1.0], "LABEL": "Accent: the ember"},
    {"NAME": "script", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Script: how far the thread curls and loops"},
    {"NAME": "sheets", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Sheets: how wide the thread opens into veils"},
    {"NAME": "still", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4, "LABEL": "Still: how high the smoke rises before it writes"},
    {"NAME": "veil", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Veil: smoke out of focus near the eye"}
  ]
}*/

#include "dream.glsl"

// A place in the smoke, carried back to where it left the ember; jx, jy are the gradients of q.
struct Path { vec2 q, jx, jy; };

// One eddy per storey of a rising tower: it turns what is inside its circle and nothing outside,
// and its circle stays inside its storey, so storeys join without a seam.
void eddy(inout Path a, float tall, float lift, float wind, float lo, float px, int k) {
    float y = (a.q.y - lift) / tall;
    float id = floor(y);
    vec4 r = cell_dice(vec2(id, 0.0), k);
    float size = 0.40 + 0.10 * r.x;
    float side = (fract(id * 0.5) < 0.25 ? -1.0 : 1.0) * (r.z < 0.2 ? -1.0 : 1.0);
    vec2 eye = vec2(side * size * (0.10 + 0.50 * r.w), id + 0.5 + (0.5 - size) * (2.0 * r.y - 1.0));
    eye = eye * tall + vec2(0.0, lift);
    float reach = 1.0 / (tall * tall * size * size);
    vec2 d = a.q - eye;
    float rest = 1.0 - dot(d, d) * reach;
    if (rest <= 0.0) return;
    float ang = wind * side * (0.69 + 0.43 * r.z) * smoothstep(lo, lo + 0.42, eye.y);   // turns
    // what is drawn out already, or too small for this tile, winds less
    float strain = dot(a.jx, a.jx) + dot(a.jy, a.jy);
    float tiny = px * px * reach;
    ang *= rest * rest / (1.0 + strain * (0.018 + (36.0 + min(4000.0 * tiny, 30.0)) * tiny));
    vec2 cs = turn(ang * rest);
    vec2 g = (-6.0 * 6.2832 * ang * reach) * (d.x * a.jx + d.y * a.jy);
    vec2 rx = vec2(cs.y * d.x - cs.x * d.y, cs.x * d.x + cs.y * d.y);
    vec2 nx = cs.y * a.jx - cs.x * a.jy - rx.y * g;
    a.jy = cs.x * a.jx + cs.y * a.jy + rx.x * g;
    a.jx = nx;
    a.q = eye + rx;
}

// A ribbon that turns about itself as it rises: edge-on it is a bright line, face-on a thin veil
// with two rims. mid: its middle, span: its half width (signed), dm, ds: their slopes along q.y;
// w: how fine a line is, blur: the least a gradient can be. Returns line light and sheet light.
vec2 ribbon(Path a, float mid, float dm, float span, float ds, float w, float blur, float px, vec2 nib) {
    vec2 g1 = a.jx - (dm + ds) * a.jy, g2 = a.jx - (dm - ds) * a.jy;      // gradients at the two rims
    float l1 = sqrt(dot(g1, g1) + blur), l2 = sqrt(dot(g2, g2) + blur);
    float x = a.q.x - mid;
    float pen = dot(g1, nib) / l1;                   // a broad nib: strokes swell where it turns
    float hair = w * (0.45 + 0.9 * pen * pen);
    float h1 = hair * sqrt(l1), h2 = 1.5 * hair * sqrt(l2);
    float f1 = sqrt(h1 * h1 + 4.2 * px * px * l1 * l1), f2 = sqrt(h2 * h2 + 4.2 * px * px * l2 * l2);
    float e1 = (x - span) / f1, e2 = (x + span) / f2;
    float fat = sqrt(span * span + f1 * f1);
    float open = clamp(fat / f1 - 1.0, 0.0, 1.0);
    float line = h1 / f1 / (1.0 + e1 * e1) + 0.45 * open * h2 / f2 / (1.0 + e2 * e2);
    float s = x / fat;
    float inside = clamp(1.2 - s * s, 0.0, 1.0);
    float sheet = inside * inside * (0.55 + 0.45 * s * span / fat);
    return vec2(line, sheet * 0.014 / (fat + 0.014));
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
    float power = mix(0.50, 1.65, energy) * (0.94 + 0.12 * breath) * (1.0 + 0.25 * wave);

    // ---- where: heights above the ember ----
    float zoom = mix(1.10, 0.86, energy);
    vec2 ember = vec2(0.26 * (s2 - 0.5) - 0.04 * hand, -0.38 + 0.06 * s3);
    vec2 b = (p - vec2(0.0, -0.2)) * zoom + vec2(0.0, -0.2) - ember;
    float h = b.y;

    // ---- the air: light from one side, high ----
    float u = 0.85 * p.x * hand + 0.5 * p.y;
    float air = vnoise(p * vec2(1.3, 1.9) + vec2(t * 0.004, -t * 0.006) + s1 * 40.0);
    float day = smoothstep(-0.85, 0.95, u + 0.10 * air);
    float side = 0.45 + 1.0 * day;
    vec3 col = hg * (0.010 + 0.048 * day * day * (1.0 + 0.35 * air)) * mix(0.85, 1.2, energy);

    // ---- far: an older thread, slower and blurred ----
    float beside = (s1 + s3 < 0.75 ? -hand : hand) * (0.22 + 0.20 * s3);
    vec2 f = p * mix(1.12, 0.98, energy) - vec2(beside, -0.62);
    float fw = 0.05 + 0.20 * smoothstep(0.1, 0.9, f.y);
    float fx = f.x + f.y * (0.06 * turn(f.y * 0.8 - t * 0.0026 + s3).x + hand * 0.16 * (s2 - 0.3));
    Path o = Path(vec2(fx, f.y), vec2(1.0, 0.0), vec2(0.0, 1.0));
    int storeys = abs(fx) < fw ? 2 : 0;
    for (int i = 0; i < storeys; i++) {
        float fi = float(i);
        eddy(o, 0.50 - 0.19 * fi, t * (0.0023 + 0.0005 * fi) + s3, 0.75, 0.10 + 0.05 * fi, px, 5 + i);
    }
    float old = o.q.y - t * 0.0025;
    vec2 oc = turn(old * 1.3 + s2), om = turn(old * 2.1 + s1);
    float ow = 0.085 * smoothstep(0.1, 1.0, o.q.y);
    vec2 og = o.jx - ow * (8.2 * oc.y + 13.2 * om.y) * o.jy;
    float ol = sqrt(dot(og, og) + 0.3 * dot(o.jy, o.jy));
    float of = 0.005 + (1.5 * px + 0.003) * ol;
    float ox = o.q.x - ow * oc.x, oe = ox / of - ow / of * om.x;
    float os = ox / (abs(ow * om.x) + 2.0 * of);
    float oi = max(1.0 - os * os, 0.0);
    float fb = (0.007 / (of + of * oe * oe) + oi * oi * 0.012 / (0.012 + ow))
             * smoothstep(fw, fw * 0.6, abs(fx)) * (1.0 - smoothstep(0.4, 1.1, o.q.y));
    col += mix(hg, hk, 0.75) * fb * side * 0.085 * mix(0.7, 1.2, energy);

    // ---- the thread ----
    float lean = (s1 - 0.4) * 0.36 * hand;
    float calm = -0.06 + 0.22 * still + 0.14 * s2;
    float loose = smoothstep(calm * 0.4, 0.85, h);
    float bow = 0.75 + 0.4 * s3;
    vec2 sw = turn(h * bow - t * 0.0036 + s2);
    float x0 = b.x - lean * h - 0.075 * loose * sw.x
             - 0.006 * turn(t * 0.013 + h * 1.1).x * smoothstep(0.0, 0.2, h);
    float band = 0.06 + 0.36 * smoothstep(0.0, 0.55, h);
    float lit = 0.0, body = 0.0;
    Path a = Path(vec2(x0, h), vec2(zoom, 0.0), vec2(0.0, zoom));
    a.jx.y -= zoom * (lean + 0.47 * loose * sw.y * bow);
    float wind = (0.45 + 0.85 * script) * (1.0 + 0.14 * arousal);
    // loops that may not run, where a branch would do: a software renderer skips only those
    bool smoky = abs(x0) < band && h > -0.01;
    float tall = 0.62, speed = 0.0033, lo = calm - 0.02;
    storeys = smoky ? 4 : 0;
    for (int i = 0; i < storeys; i++) {
        eddy(a, tall, t * speed + die[i], wind, lo, px, i + 1);
        tall *= 0.70; speed *= 1.16; lo += 0.05; wind *= 0.95;
    }
    float up = max(a.q.y, 0.0), along = up - t * 0.0038;
    float wide = (0.30 + 1.5 * sheets) * (1.0 + 0.22 * valence + 0.06 * (breath - 0.5) - 0.10 * arousal);
    float spread = wide * smoothstep(calm * 0.3, 0.95, up);
    float reach = 0.035 + 0.20 * spread, away = abs(a.q.x) / reach;
    float jx2 = dot(a.jx, a.jx), jy2 = dot(a.jy, a.jy);
    // where a fold has no slope its neighbours do: in a small tile they share a pixel
    float least = min(0.10 + 1800.0 * px * px, 0.5) * (jx2 + jy2);
    float foot = px * sqrt(max(jx2, least));
    vec2 nib = vec2(0.80 * hand, 0.60);
    float silk = 1.0, warp = s2 * 31.0, fine = 23.0, rope = 1.0;
    int ribbons = smoky && away < 1.0 ? 3 : 0;
    for (int i = 0; i < ribbons; i++) {
        float fi = float(i);
        float f1 = 1.15 + 0.55 * fi + 0.4 * s2, f2 = 1.7 + 0.8 * fi + 0.7 * s3;
        vec2 c = turn(along * f1 + fi * 0.37 + s1), m = turn(along * f2 + fi * 0.29 + s4);
        float ac = 0.075 * spread, am = (0.050 + 0.030 * fi) * spread;
        float w = 0.0017 + 0.0064 * up * up;
        vec2 r = ribbon(a, ac * c.x, ac * c.y * 6.283 * f1, am * m.x, am * m.y * 6.283 * f2,
                        w, least, px, nib);
        float share = i == 0 ? 1.0 : smoothstep(0.02, 0.25, up) * (0.85 - 0.25 * fi);
        // silk in the sheets, drawn out along them
        vec2 sq = vec2(a.q.x * fine + warp, along * (4.0 + 5.0 * fi) + 17.0 * fi);
        float n = vnoise(sq) * fade(1.4 * fine * foot);
        silk += n * (0.42 + 0.08 * fi);
        if (i == 0) rope += 0.45 * n * smoothstep(0.1, 0.4, up);
        warp = n * 0.8; fine *= 3.8;
        lit += r.x * share;
        body += r.y * share;
    }
    float rim = smoothstep(band, band * 0.75, abs(x0)) * smoothstep(-0.005, 0.03, h);
    float run = up - 0.9 * wave;
    rim *= (1.0 + 1.3 * wave * ebb(run * run * 22.0)) * (1.0 - smoothstep(0.6, 1.0, away));
    lit *= rim * rope * (1.0 - 0.85 * smoothstep(0.25, 0.85, h));
    body *= rim * silk * (1.0 - smoothstep(0.68, 1.10, h)) * smoothstep(0.0, 0.4, h);
    col += mix(ht, vec3(1.0), 0.1) * lit * side * power * 0.52;
    col += mix(ht, hk, 0.6) * body * side * power * 1.05;
    // what hangs in the air around it
    float hang = ebb(abs(x0) * (11.0 - 6.0 * smoothstep(0.1, 0.9, h))) * smoothstep(-0.1, 0.6, h);
    col += mix(hg, ht, 0.55) * hang * side * power * 0.030 * (1.0 + 0.5 * air);

    // ---- the ember on its stick, and the light it gives ----
    float er = length(b * vec2(1.0, 0.8));
    float hot = sqrt(0.00003 + px * px);
    float coal = ebb(er * er / (hot * hot)) * 0.0055 / hot;
    float glow = (0.75 + 0.5 * breath) * mix(0.7, 1.3, energy);
    float sx = b.x + (0.22 - 0.44 * s1) * h;
    float sw2 = sqrt(0.000008 + 1.8 * px * px);
    float stick = ebb(sx * sx / (sw2 * sw2)) * 0.0028 / sw2 * smoothstep(0.004, -0.004, h);
    col = mix(col, hg * 0.006, 0.6 * stick);
    float warm = coal * 0.65 + 0.012 * ebb(er * 14.0) + stick * 0.5 * ebb(er * 40.0);
    warm += lit * 0.22 * ebb(er * 16.0);
    col += ha * warm * glow;

    // ---- near: a soft veil out of focus ----
    vec2 np = p * mix(1.05, 0.85, energy);
    float nv = vnoise(np * vec2(0.9, 1.3) + vec2(t * 0.0075, -t * 0.0110) + s4 * 57.0);
    float ns = 0.9 * np.x * hand + 0.55 * np.y + 0.50 - 0.2 * s3 + 0.34 * nv;
    float fold = ebb(max(ns, 0.0) * 8.0 + max(-ns, 0.0) * 3.4) * smoothstep(-0.75, 0.5, nv);
    fold = fold * veil;
    col = col * (1.0 - 0.35 * fold) + mix(hg, ht, 0.5) * fold * 0.085 * mix(0.7, 1.25, energy);

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
