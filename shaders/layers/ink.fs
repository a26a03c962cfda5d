/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Ink in water: plumes of pigment sink, fold and bloom in dark water; silk filaments curl, a thread of a far colour is wound into them.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Water", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: closer, brighter at the heart, finer"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light gathers"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another plume"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.035, 0.075, 0.125, 1.0], "LABEL": "Ground: the water"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.34, 0.55, 0.66, 1.0], "LABEL": "Tone: the ink"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.44, 0.46, 0.74, 1.0], "LABEL": "Kin: the second ink"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.93, 0.62, 0.46, 1.0], "LABEL": "Accent: one thread and the motes"},
    {"NAME": "bloom", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Bloom: how far the ink has opened and folded"},
    {"NAME": "silk", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Silk: how much the ink is drawn into filaments"},
    {"NAME": "murk", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4, "LABEL": "Murk: soft veils near the eye"}
  ]
}*/

#include "dream.glsl"

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

    // ---- the middle: dye carried backwards through slow shears ----
    float zoom = mix(1.14, 0.80, energy);
    vec2 q = p * zoom;
    q.x *= hand;
    float open = (0.70 + 0.6 * bloom) * (1.0 + 0.12 * valence - 0.08 * arousal) * (0.84 + 0.32 * s2);
    float deep = 0.56 - q.y;
    float slant = 0.75 * (fract(s1 * 7.0) - 0.45);
    float grow = smoothstep(-0.25, 0.75, deep) * open;
    vec2 jx = vec2(zoom, -slant * zoom), jy = vec2(0.0, zoom);
    q.x += slant * (deep - 0.50);
    // two slow eddies roll the head of the plume up
    float apart = fract(s3 * 5.0);
    vec2 sway = vec2(0.022 * swing(t * 0.0056), 0.018 * swing(t * 0.0050 + 0.25));
    for (int i = 0; i < 2; i++) {
        float side = i == 0 ? -1.0 : 1.0, r = i == 0 ? s3 : s1;
        vec2 eye = vec2(side * (0.11 + 0.09 * s2) + 0.03, 0.02 - 0.20 * r - 0.06 * side * (apart - 0.5))
                 + side * sway;
        vec2 d = q - eye;
        float size = 1.0 / (0.015 + 0.018 * (i == 0 ? s1 : apart));
        float rest = max(1.0 - 0.25 * size * dot(d, d), 0.0);
        float ang = 1.9 + 0.9 * r + 0.3 * swing(t * 0.0056 + s1 + 0.16 * side);
        ang *= side * open * rest * rest * rest;
        vec2 g = -2.0 * size * ang * (d.x * jx + d.y * jy);
        vec2 cs = turn(ang * rest * 0.15915);
        float ca = cs.y, sa = cs.x;
        vec2 rx = vec2(ca * d.x - sa * d.y, sa * d.x + ca * d.y);
        vec2 nx = ca * jx - sa * jy - rx.y * g;
        jy = sa * jx + ca * jy + rx.x * g;
        jx = nx;
        q = eye + rx;
    }
    vec2 q2 = q;
    // what is drawn out already, or too fine for this tile, folds less
    float strain = 1.2 * (dot(jx, jx) + dot(jy, jy));
    grow /= 1.0 + 0.009 * strain;
    float k = 3.4, tiny = 1.6 * 3.4 * 3.4 * px * px;
    float ph = s1;
    float w0 = t / 280.0;
    for (int i = 0; i < 5; i++) {
        float fi = float(i);
        float a = grow * max(1.0 - strain * tiny, 0.12) * (0.95 - 0.02 * fi) / k;
        float lag = 0.12 * swing(w0 + fi * 0.31);
        vec2 u = turn(k * 0.15915 * q.y + ph + lag);
        q.x += a * u.x;
        jx += a * k * u.y * jy;
        u = turn(k * 0.13846 * q.x + ph * 1.7 + 0.33 + s3 - lag);
        q.y += a * 0.9 * u.x;
        jy += a * 0.783 * k * u.y * jx;
        if (i == 1) q2 = q;
        k *= 1.58; tiny *= 3.4; ph += 0.382; w0 *= 1.07;
    }
    float stretch = length(jx);
    float foot = px * max(stretch, length(jy));
    vec2 nrm = jx / max(stretch, 1e-3);

    // silk: noise drawn out along the fall
    float fall = q.y + t * 0.0065;
    float n1 = vnoise(vec2(q.x * 4.0 + s2 * 31.0, fall * 3.1));
    float n2 = vnoise(vec2(q.x * 11.0 + n1 * 0.7, fall * 5.3 + 17.0)) * fade(11.0 * foot);
    float n3 = vnoise(vec2(q.x * 29.0 + n2 * 0.9, fall * 12.0 + 41.0)) * fade(29.0 * foot);
    float n4 = vnoise(vec2(q.x * 83.0 + n3 * 1.0, fall * 29.0 + 71.0)) * fade(83.0 * foot);
    float fil = n2 * 0.5 + n3 * 0.32 + n4 * 0.2;

    // two inks and a thread
    float n2e = n2 * max(1.0 - 900.0 * foot * foot, 0.0);   // what an edge can follow of it
    float xa = -0.05 + 0.16 * (s3 - 0.5);
    float wa = (0.075 + 0.075 * fract(s1 * 3.0)) * (1.0 + 0.42 * n1 + 0.28 * n2e + 0.10 * n3);
    float ta = (q.x - xa) / wa;
    float xb = xa + wa + 0.07 + 0.16 * s2;
    float wb = (0.045 + 0.075 * fract(s3 * 3.0)) * (1.0 - 0.45 * n1 - 0.30 * n2e + 0.12 * n3);
    float tb = (q.x - xb) / wb;
    // edges: found where n1 is low, lost where it is high
    float ea = 0.08 + 0.85 * smoothstep(-0.15, 0.65, n1);
    float eb = 0.10 + 0.85 * (1.0 - smoothstep(-0.6, 0.25, n1));
    // and never narrower than a tile can draw: foot is what a pixel spans of q
    float fa = foot / wa, fb = foot / max(wb, 0.01);
    ea = sqrt(ea * ea + 10.0 * fa * fa);
    eb = sqrt(eb * eb + 10.0 * fb * fb);
    float ia = 1.0 - smoothstep(1.0 - ea, 1.0 + ea, abs(ta));
    float ib = 1.0 - smoothstep(1.0 - eb, 1.0 + eb, abs(tb));
    // a sheet thinner than a pixel keeps only its share of the light
    fa = min(fa, 4.0);
    fb = min(fb, 4.0);
    // nor does it show its hollow, or which side is lit
    float blura = min(2.2 * fa, 1.0), blurb = min(2.2 * fb, 1.0);
    ia /= 1.0 + 1.1 * fa;
    ib /= 1.0 + 1.1 * fb;
    float rima = mix(0.16 + 0.84 * min(ta * ta, 1.25), 0.5, blura);
    float rimb = mix(0.16 + 0.84 * min(tb * tb, 1.25), 0.5, blurb);
    vec2 toLight = normalize(vec2(0.35 * hand, 0.9));
    float sha = 0.5 + 0.5 * (1.0 - blura) * clamp(ta, -1.0, 1.0) * dot(nrm, toLight);
    float shb = 0.5 + 0.5 * (1.0 - blurb) * clamp(tb, -1.0, 1.0) * dot(nrm, toLight);
    float threads = clamp(1.0 + silk * (0.7 + 1.3 * smoothstep(0.0, 0.45, deep)) * fil, 0.06, 2.4);
    threads *= 0.75 + 0.25 * threads;
    // the ink has come so far; below it the water is still clear
    float tip = -0.30 - 0.26 * fract(s2 * 3.0) - 0.10 * n1;
    float come = smoothstep(tip - 0.16, tip + 0.10, q.y);
    ia *= come;
    ib *= come * come;
    float da = ia * rima * sha * threads;
    float db = ib * rimb * shb * threads;
    // smoke that has left the sheets
    float veil = ebb(1.1 * max(abs(ta) - 0.4, 0.0)) * (0.65 + 0.35 * n1 + 0.35 * n2);
    float wisp = ebb(0.9 * max(abs(tb) - 0.4, 0.0)) * (0.65 - 0.35 * n1 + 0.35 * n2);

    // the thread comes and goes
    float tc = (q.x - xa - wa * (0.55 + 0.25 * n1));
    float wc = sqrt(0.000036 + 2.9 * foot * foot);
    float live = smoothstep(-0.45, 0.55, n2 + 0.5 * n1 + 0.25 * n3) * smoothstep(0.10, 0.6, deep) * come;
    float halo = tc * tc / (abs(tc) + 0.5 * wc);     // a round head, where |tc| has a crease
    float dc = (ebb(tc * tc / (wc * wc)) * 0.0060 / wc + 0.10 * ebb(38.0 * halo)) * live;

    // ---- far: pale plumes, slower ----
    vec2 fp = (0.60 * p * vec2(hand, 1.0) + 0.50 * q2) * mix(1.06, 0.94, energy);
    float f1 = vnoise(vec2(fp.x * 4.2 + fp.y * 1.1 + s2 * 9.0, fp.y * 1.9 - fp.x * 0.6 + t * 0.004));
    float f2 = swing(1.1 * f1 + 1.9 * fp.x - 0.5 * fp.y + s1 + t * 0.002);    // folds along it
    float off = fp.x - 0.42 * (fract(s1 * 5.0) < 0.5 ? -1.0 : 1.0) - 0.2 * fp.y;
    float far = smoothstep(-0.30, 0.95, f1 + 0.28 * f2) * (1.0 + 0.5 * f2);
    off = max(1.0 - 1.6 * off * off, 0.0);
    far *= 0.30 + 0.85 * off * off;

    // ---- near: a cloud of it out of focus, at one side ----
    vec2 np = p * vec2(1.5, 1.0) * mix(1.1, 0.8, energy);
    float m1 = vnoise(np + vec2(-t * 0.0081, t * 0.0125) + s3 * 23.0);
    float beside = p.x * (s2 < 0.5 ? -1.0 : 1.0) * 0.9 - p.y * (0.9 - 0.8 * s1);
    float near = smoothstep(0.05, 1.10, 0.62 * m1 + 1.05 * beside);
    float limb = near * (1.0 - near) * 4.0;

    // ---- motes: the finest scale, hung in the water, sinking ----
    float stray = s1 * 40.0 + 0.25 * swing(t * 0.011 + p.y * 0.3) + 0.5 * q2.x;
    vec2 mp = p * mix(13.5, 10.5, energy) + vec2(stray, t * 0.035);
    vec2 mi = floor(mp);
    uint mn = stir(uint(int(mi.x)) * 0x8f1bbcdbu ^ uint(int(mi.y)) * 0xca62c1d7u);
    vec4 mr = vec4(ivec4(mn & 255u, (mn >> 8) & 255u, (mn >> 16) & 255u, mn >> 24)) * 0.0039216;
    vec2 md = mp - mi - 0.25 - 0.5 * mr.xy;
    float ms = 0.010 + 0.085 * mr.z * mr.z * mr.z;                 // few are near and blurred
    float mw = sqrt(ms * ms + 256.0 * px * px), mc = min(mw, 0.26);  // inside its cell
    float mote = max(1.0 - dot(md, md) / (mc * mc), 0.0);
    mote *= mote * step(0.62, mr.w) * 0.00022 / (mw * mw) * ms / 0.013;

    // ---- the light: from above, a heart in the middle ----
    float side = p.x - 0.25 * (s1 - 0.5) + 0.2 * p.y * hand;
    float shaft = ebb(2.1 * (0.5 - p.y) + 1.1 * side * side);
    vec2 hp = p - vec2(0.03 * hand, 0.0);
    float heart = ebb(dot(hp, hp) * mix(5.6, 4.0, energy) * (1.0 - 0.12 * (breath - 0.5)));
    float power = mix(0.195, 0.84, energy) * (0.92 + 0.16 * breath) * (1.0 + 0.25 * wave);

    float day = mix(0.80, 1.25, energy);
    shaft *= day;
    vec3 col = hg * (0.006 + 0.024 * shaft + 0.006 * heart);
    col += mix(hg, hk, 0.6) * far * (0.007 + 0.062 * shaft + 0.022 * heart);
    float gather = p.y - 0.45 + 0.8 * wave;
    float lit = (0.18 + 1.05 * heart + 0.40 * shaft) * power * 1.75;
    lit *= 1.0 + 0.45 * wave * max(1.0 - 4.0 * gather * gather, 0.0);
    col *= 1.0 - 0.45 * clamp(ia + ib, 0.0, 1.0);
    col += mix(hg, ht, 0.7) * veil * lit * 0.06;
    col += mix(hg, hk, 0.7) * wisp * lit * 0.055;
    col += mix(ht, hk, clamp(0.25 + 0.5 * n1, 0.0, 1.0) * 0.5) * da * lit;
    col += hk * db * lit;
    col += ha * dc * lit * 0.85;
    col += mix(ht, ha, 0.6) * mote * (0.03 + lit) * 0.62;
    near *= murk;
    col = mix(col, mix(hg, hk, 0.35) * (0.006 + 0.022 * shaft), min(near * 1.5, 0.85));
    col += mix(hg, ht, 0.45) * limb * murk * (0.02 + 0.10 * shaft + 0.04 * heart) * day;

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
