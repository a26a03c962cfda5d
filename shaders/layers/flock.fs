/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A flock at dusk: hundreds of birds make one slowly turning body before the afterglow, a far flock in haze, near birds on soft slow wings, a marsh below.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart, more birds"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light runs along the wings"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another flock, another evening"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.05, 0.06, 0.14, 1.0], "LABEL": "Ground: the height of the sky"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.72, 0.50, 0.46, 1.0], "LABEL": "Tone: the afterglow"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.50, 0.44, 0.66, 1.0], "LABEL": "Kin: cloud and haze"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.96, 0.72, 0.42, 1.0], "LABEL": "Accent: the last light on wings"},
    {"NAME": "birds", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Birds: how many fly"},
    {"NAME": "weave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Weave: how far the body bends and thins"},
    {"NAME": "near", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Near: how close single birds come"},
    {"NAME": "haze", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Haze: how the evening fills the distance"},
    {"NAME": "marsh", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Marsh: how much grass stands in the water"}
  ]
}*/

#include "dream.glsl"

// The body of the flock along a bending spine: bulbs and necks wander along it. 0..1
float body(vec2 q, vec4 die, float t, float lng, float wide, float n) {
    float spine = (0.030 + 0.115 * weave) * swing(q.x * 0.62 + t * 0.0083 + die.x)
                + 0.032 * swing(q.x * 1.37 - t * 0.0127 + die.y);
    float u = q.x / lng + 0.22 * n;
    float env = clamp(1.0 - u * u, 0.0, 1.0);
    float bulb = 0.64 + (0.16 + 0.34 * weave) * swing(q.x * 0.83 + t * 0.0109 + die.z);
    float v = (q.y - spine) / (wide * env * bulb + 0.012) + 0.62 * n;
    float d = ebb(v * v * 1.1);
    return d * env * (2.0 - env);
}

// One bird in wing spans from its middle: how thick the ink is. `lift` raises the wings.
float bird(vec2 o, float lift, float fat, float crisp) {
    float x = abs(o.x);
    float wing = lift * x * (1.75 - 1.25 * x) - 0.18 * lift;
    float rest = max(1.0 - x, 0.0);
    float th = fat * (0.25 + 0.75 * rest) * min(rest * 4.0, 1.0) + 0.22 * fat * max(1.0 - 6.0 * x, 0.0);
    return clamp(0.5 + (th - abs(o.y - wing)) * crisp, 0.0, 1.0) * clamp(rest * crisp, 0.0, 1.0);
}

// A layer of birds: one in each cell of a grid that glides as a whole; each keeps a small orbit
// of its own and is there as far as the body is dense. Gives (ink, its share that looks lit).
vec2 layer(vec2 s, float cell, int k, float dens, float ease, float px, float t, vec2 rot) {
    float many = 1.0 / cell;
    vec2 g = s * many;
    vec2 id = floor(g);
    vec4 d = cell_dice(id, k);
    vec4 e = fract(d * 57.0);
    vec2 o = g - id - 0.5 - (d.xy - 0.5) * 0.32 - 0.05 * turn(t * (0.031 + 0.02 * e.x) + d.w);
    o = vec2(o.x * rot.x - o.y * rot.y, o.y * rot.x + o.x * rot.y);
    float here = smoothstep(-ease, ease, dens - ease - 0.96 * d.z);
    float small = 3.9 - 1.05 * e.y;                                        // 1 / half a wing span
    o *= small;
    float tilt = (e.z - 0.5) * 0.9 + 0.12 * swing(t * 0.023 + e.w);
    o = vec2(o.x + o.y * tilt, o.y - o.x * tilt);
    float one = px * many * small;
    float fat = cell > 0.05 ? 0.18 : 0.24, thick = max(fat, 0.65 * one);
    float ink = bird(o, 0.55 + 0.24 * swing(t * (0.19 + 0.09 * e.w) + d.x * 5.0), thick,
        1.0 / (0.10 + 1.2 * one));
    ink *= here * fat / thick;
    return vec2(ink, ink * max(e.w * 3.0 - 2.0, 0.0));
}

// A near bird, out of focus: arms, hands, a body seen from behind. (ink, warm lower edge)
vec2 glider(vec2 o, float beat, float turned, float soft) {
    o = vec2(o.x + o.y * turned * 0.7, o.y - o.x * turned * 0.7);
    float x = abs(o.x) * (1.0 + 0.22 * sign(o.x) * turned);
    float lift = 0.30 + 0.20 * beat;
    float wing = lift * x * (2.0 - 1.5 * x) - 0.10 * x * x * x * (1.0 - beat) - 0.20 * lift;
    float rest = max(1.0 - x, 0.0);
    float th = 0.105 * min(sqrt(rest) * 1.05, 0.50 + rest) * (0.72 + 0.28 * swing(0.25 + 0.5 * x));
    float y = o.y - wing;
    float e = (th - abs(y)) / soft;
    vec2 b = vec2(o.x * 9.0, (o.y + 0.025 + 0.2 * lift) * 7.0);
    e = max(e, (1.0 - length(b)) * 0.12 / soft);
    float w = clamp(0.5 + 0.5 * e, 0.0, 1.0) * clamp(rest / soft, 0.0, 1.0);
    w = w * w * (3.0 - 2.0 * w);
    float under = (y + 0.55 * th) / (0.40 * th + 0.25 * soft);
    float rim = ebb(under * under * 1.6) * rest * (2.0 - rest);
    return vec2(w, rim * w);
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
    float power = mix(0.46, 1.70, energy) * (0.95 + 0.10 * breath) * (1.0 + 0.22 * wave);

    // ---- where things are ----
    float horizon = -0.345 - 0.075 * s1;
    float lx = hand * (-0.10 - 0.30 * s2);                             // the sun went down here
    float up = p.y - horizon;
    bool wet = up < 0.0;
    float below = max(-up, 0.0) + 0.004;
    vec2 m = vec2(p.x, wet ? horizon + below * 1.6 : p.y);             // what water would mirror
    float ah = m.y - horizon;

    // ---- noise: sky above, marsh below, one set serves both ----
    vec2 w = vec2(p.x / (below + 0.05), log(below) * 2.3);
    float fw = px * 2.3 / below;
    vec2 c = vec2(p.x * 1.15 + hand * 0.55 * p.y, p.y * 3.3 - 0.5 * p.x * (s3 - 0.5));
    float v1 = vnoise(wet ? vec2(w.x * 0.42 + 30.0 * s2, w.y * 1.6) : c + vec2(t * 0.006, s2 * 50.0));
    float v2 = vnoise(wet ? vec2(w.x * 1.1 + v1, w.y * 4.3 + 9.0)
                          : c * vec2(2.1, 2.7) + vec2(t * 0.011 + v1 * 0.6, 7.0 + s3 * 20.0));
    float v3 = vnoise(wet ? vec2(w.x * 4.1 + v2, w.y * 13.0 + t * 0.03)
                          : c * vec2(5.3, 7.9) + vec2(t * 0.019 + v2 * 0.7, 31.0 + v1))
             * fade(wet ? fw * 13.0 : 27.0 * px);
    // fine water near by; above, the same cloud a step towards the light, to model it
    float v4 = vnoise(wet ? vec2(w.x * 11.0, w.y * 34.0 + t * 0.04 + v3)
                          : c + vec2(t * 0.006 + 0.22 * sign(lx - p.x) * min(abs(lx - p.x), 1.0), s2
                              * 50.0 - 0.40))
             * (wet ? fade(fw * 34.0) : 1.0);

    // ---- sky: afterglow low on one side, cloud lit from beneath ----
    float dx = abs(m.x - lx);
    float low = ebb(ah * mix(7.0, 4.6, haze) + dx * dx * 1.1);
    float mid = ebb(ah * 2.7 + dx * 0.85);
    float cl = wet ? 0.45 : smoothstep(-0.50, 0.80, v1 * 0.70 + v2 * 0.42 + v3 * 0.20);
    float facing = wet ? 0.0 : clamp(0.42 + 0.62 * (v1 - v4) + 0.30 * v2, 0.0, 1.3) * cl;
    vec3 sky = hg * (0.010 + 0.008 * ebb(ah * 2.0));
    sky += mix(hg, hk, 0.75) * mid * 0.030 * power * (0.45 + 0.65 * cl);
    sky += mix(hk, ht, smoothstep(0.10, 0.70, low + 0.2 * cl)) * low * 0.26 * power * (0.60 + 0.5 * cl);
    sky += mix(ht, ha, 0.55) * ebb(ah * 17.0 + dx * dx * 6.5) * 0.20 * power;
    sky += mix(hk, ht, 0.25 + 0.6 * mid) * facing * (0.008 + 0.100 * mid) * power;

    // ---- the flock ----
    float zoom = mix(1.10, 0.82, energy) * (0.92 + 0.18 * fract(s2 * 5.0));
    vec2 mc = vec2(0.05 * swing(t * 0.0063 + s3) - 0.22 * lx, 0.045 + 0.03 * swing(t * 0.0088 + s1)
        + 0.05 * s1);
    float lean = hand * (0.62 * s3 - 0.12) + 0.10 * swing(t * 0.0057 + s2);
    vec2 cs = vec2(1.0 - 0.5 * lean * lean, lean) / (1.0 + 0.11 * lean * lean * lean * lean);
    vec2 f = (m - mc) * zoom;
    vec2 q = vec2(f.x * cs.x + f.y * cs.y, f.y * cs.x - f.x * cs.y);
    float open = (1.0 + 0.13 * valence) * (1.0 - 0.13 * arousal);
    float lng = (0.46 + 0.15 * s2) * open * (0.97 + 0.06 * breath);
    float wide = (0.165 + 0.06 * fract(s1 * 7.0)) * open * (0.93 + 0.14 * breath);
    float n1 = vnoise(q * 3.4 + vec2(t * 0.016, 40.0 * s4));
    float shape = body(q, die, t, lng, wide, n1);
    // waves of closeness run along it
    float run = swing(q.x * 1.55 * hand + q.y * 0.9 + 0.13 * n1 - t * 0.024);
    float run2 = swing(q.x * 2.9 - q.y * 1.7 + 0.2 * n1 + t * 0.017 + s2);
    float dens = shape * (0.66 + 0.28 * run + 0.16 * run2);
    float crest = smoothstep(0.1, 0.95, run) * shape;
    float many = mix(0.45, 1.15, birds) * (1.0 + 0.12 * arousal);
    dens *= many;

    dens = dens * 3.5 / (1.0 + 2.3 * dens) - 0.045;
    float clear = clamp(-25.0 * dens, 0.0, 1.0);                     // 1 away from the body
    dens = max(dens, 0.0);
    // a lighter part of the sky stands behind them
    float gap = ebb((q.x * q.x * 1.6 + q.y * q.y * 4.5) * 3.2);
    sky += mix(hk, ht, 0.45) * gap * 0.062 * power * (0.6 + 0.6 * cl);

    // birds too deep in the body to be told apart are a shade
    float shade = dens * (0.18 + 0.54 * dens) * (1.0 + 0.35 * n1);
    float pz = px * zoom;

    // a far small flock in the haze on the other side, slower
    vec2 fq = vec2(m.x + 0.5 * lx - hand * 0.16 - 0.03 * swing(t * 0.0041 + s2), ah - 0.125 - 0.05 * s2);
    fq.y += 0.05 * swing(fq.x * 1.7 + s1 + t * 0.0037) - 0.10 * hand * fq.x;
    float far = max(ebb(fq.x * fq.x * 42.0 + fq.y * fq.y * 1500.0)
              * (0.75 + 0.35 * swing(fq.x * 5.0 + t * 0.011)) * mix(0.6, 1.2, birds) - 0.05, 0.0);
    far *= clear;

    // Layers of birds. A loop whose length differs by place is really skipped where no bird can
    // be, also on software GL, which a branch is not. The far flock takes one round elsewhere.
    float ink = 0.0, lit = 0.0, farink = 0.0;
    vec2 lq = q, lr = cs;
    int n = wet ? 0 : dens > 0.12 ? 4 : dens > 0.0 ? 3 : far > 0.0 ? 1 : 0;
    bool away = dens <= 0.0;
    float cell = away ? 0.0066 : 0.0118, fly = t * (away ? 0.0016 : 0.0046) * hand;
    if (away) { lq = fq; lr = vec2(1.0, 0.0); }
    for (int k = 0; k < n; k++) {
        float here = away ? far : k == 3 ? max(dens - 0.12, 0.0) : dens * (1.0 - 0.09 * float(k));
        vec2 a = layer(lq - vec2(fly, 1.7 * float(k)), cell, k + 1, here, 0.08, away ? px : pz, t, lr);
        a = mix(vec2(0.12, 0.02) * here, a, fade((away ? px : pz) / cell));
        if (away) farink = a.x;
        else ink = 1.0 - (1.0 - ink) * (1.0 - (0.76 + 0.06 * float(k)) * a.x);
        lit = max(lit, a.y);
        lq = vec2(lq.x * 0.88 - lq.y * 0.475, lq.x * 0.475 + lq.y * 0.88);
        lr = vec2(lr.x * 0.88 + lr.y * 0.475, lr.y * 0.88 - lr.x * 0.475);
        cell *= 1.33;
        fly *= 1.13;
    }
    if (away) {
        sky = mix(sky, hg * 0.010 + sky * 0.40, farink * mix(0.95, 0.6, haze) + 0.18 * far);
        lit = 0.0;
    }

    // a looser company on this side of the body: wings can be read
    vec2 qa = vec2(q.x * 0.98 + q.y * 0.19, q.y * 0.98 - q.x * 0.19);
    int some = !wet && qa.x * qa.x + 2.6 * qa.y * qa.y < 0.42 * open * open ? 1 : 0;
    for (int k = 0; k < some; k++) {
        vec2 fly = vec2(-t * 0.0062 * hand, 1.7);
        // a bird is there as a whole
        vec2 home = (floor((qa + fly) / 0.078) + 0.5) * 0.078 - fly;
        float there = ebb((home.x * home.x + 2.8 * home.y * home.y) * 5.8 / (open * open));
        there = max(there * mix(0.48, 0.88, birds) - 0.12, 0.0);
        vec2 g = layer(qa + fly, 0.078, 5, there, 0.04, pz, t,
                       vec2(0.98 * cs.x - 0.19 * cs.y, 0.98 * cs.y + 0.19 * cs.x));
        ink = max(ink, g.x * 0.95);
        lit = max(lit, 0.3 * g.y);
    }
    vec3 dark = hg * 0.006 + sky * 0.12;
    vec3 col = mix(sky, hg * 0.010 + sky * 0.24, min(shade, 0.9));
    col = mix(col, dark, ink);
    col += mix(ht, ha, 0.6) * lit * (0.02 + 0.22 * crest + 0.25 * wave * crest) * power;

    // ---- marsh ----
    int water = wet ? 1 : 0;
    for (int k = 0; k < water; k++) {
        float b = below;
        float land = mix(0.45, smoothstep(0.42 - 0.75 * marsh, 0.62 - 0.75 * marsh + 0.3
            * ebb(b * 20.0), v1 * 0.7 + v2 * 0.45 + v3 * 0.14 + v4 * 0.07 + 1.28 * b), fade(fw * 1.1));
        float shine = (0.80 + 0.16 * v3 + 0.10 * v4) * (0.42 + 0.5 * ebb(b * 9.0));
        vec3 sea = col * shine;
        vec3 soil = hg * (0.0075 + 0.004 * v4) + sky * 0.05 * (1.0 + v3 + 0.7 * v4) + mix(hg, hk, 0.5)
            * 0.05 * power * ebb(b * 30.0) * low;
        col = mix(sea, soil, land * 0.93);
    }
    // far shore, haze upon it
    int line = abs(up) < 0.03 + 2.0 * px ? 1 : 0;
    for (int k = 0; k < line; k++) {
        float n5 = vnoise1(p.x * 3.1 + s3 * 40.0), n6 = vnoise1(p.x * 19.0 + s3 * 90.0);
        float shore = 0.004 + 0.012 * max(n5 + 0.2, 0.0) + 0.0035 * n6 * fade(19.0 * px) * (0.5 + n5);
        float strip = (1.0 - smoothstep(-px - 0.0015, px + 0.0015, up - shore))
                    * smoothstep(-0.012 - px, 0.0, up + 0.004);
        col = mix(col, hg * 0.010 + sky * mix(0.16, 0.45, haze), strip
            * (0.55 + 0.4 * smoothstep(-0.3, 0.5, n5)));
    }
    col += mix(hk, ht, 0.5) * ebb(abs(up - 0.006) * mix(60.0, 26.0, haze) + dx * 1.3) * 0.030 * haze
        * power;

    // ---- near birds ----
    // three, each wandering in a part of the picture of its own
    int who = p.y > 0.16 ? 1 : p.x * hand > 0.275 ? 2 : 0;
    vec4 gr = who == 0 ? die.yxwz : who == 1 ? die.wzxy : die.zwyx;
    vec3 kind = who == 0 ? vec3(1.0, 0.009, 0.35) : who == 1 ? vec3(0.48, 0.005, -0.30)
        : vec3(1.5, 0.026, -0.30);
    float span = mix(0.075, 0.160, near) * kind.x * (0.85 + 0.3 * gr.x) * mix(0.88, 1.18, energy);
    vec2 gat = who == 0 ? vec2(-0.24 * gr.y, -0.04 - 0.20 * gr.z)
             : who == 1 ? vec2(0.14 + 0.14 * gr.y, 0.25 + 0.10 * gr.z)
                 : vec2(0.68 + 0.2 * gr.y, -0.24 + 0.26 * gr.z);
    gat = vec2(gat.x * hand, gat.y) + vec2(0.085, 0.028)
        * vec2(swing(t * 0.0101 + gr.w), swing(t * 0.0147 + gr.x));
    vec2 go = (p - gat) / span;
    vec3 gp = vec3((kind.y + 1.2 * px) / span, kind.z * hand, gat.x);            // (blur, turn, where)
    int touched = go.x * go.x + 4.0 * go.y * go.y < 1.55 ? 1 : 0;
    for (int i = 0; i < touched; i++) {
        float beat = swing(t * (0.118 + 0.03 * gr.z) + gr.y) * (0.55 + 0.45 * swing(t * 0.017 + gr.x));
        vec2 g = glider(go, beat, gp.y + 0.25 * swing(t * 0.0101 + gr.w + 0.3), gp.x);
        col = mix(col, hg * 0.005 + col * 0.04, g.x * 0.97);
        col += mix(ht, ha, 0.7) * g.y * 0.055 * ebb(abs(gp.z - lx) * 1.2) * power * fade(gp.x * 1.6);
    }

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
