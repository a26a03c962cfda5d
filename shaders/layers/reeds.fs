/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Reeds: bulrushes by night water lean in gusts; what is heard rises in them as light, deep sounds in the near ones, high sounds in the far ones and in fireflies. In silence the light wanders by itself. Technique: what is heard follows slowly through an exponential envelope kept in a small buffer (a one-pole filter, as in J. O. Smith, Introduction to Digital Filters, 2007), by bands a constant ratio apart; stalks are bent strips on a jittered row, mirrored about their own waterline.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Sound", "Slow"],
  "INPUTS": [
    {"NAME": "spectrum", "TYPE": "audioFFT", "LABEL": "Spectrum: what is heard"},
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs, the heads glow"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, a gust with light in it"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another bank"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.03, 0.06, 0.09, 1.0], "LABEL": "Ground: the night"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.55, 0.72, 0.52, 1.0], "LABEL": "Tone: light in the stalks"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.30, 0.50, 0.56, 1.0], "LABEL": "Kin: afterglow, mist and water"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.98, 0.70, 0.36, 1.0], "LABEL": "Accent: some heads, and fireflies"},
    {"NAME": "hear", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Hear: how far what is heard is seen"},
    {"NAME": "wind", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Wind: how far they lean"},
    {"NAME": "stand", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Stand: how thick and tall they grow"},
    {"NAME": "mist", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Mist: over the far water"},
    {"NAME": "flies", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Flies: how many fireflies are out"}
  ],
  "PASSES": [
    {"TARGET": "heard", "PERSISTENT": true, "FLOAT": true, "WIDTH": "32", "HEIGHT": "8"},
    {"TARGET": "voices", "FLOAT": true, "WIDTH": "8", "HEIGHT": "8"},
    {}
  ]
}*/

#include "dream.glsl"

// heard: each column a band; how loud, slowly; how loud it lastly was; its light, 0..1, which in
// silence wanders through the stand by itself. voices: the lights of eight bands, in two colours.
void listen() {
    float band = isf_FragNormCoord.x;
    // bands from 60 Hz to 10 kHz; the spectrum's right end is 24 kHz
    float at = 0.0025 * exp2(band * 7.4), loud = 0.0;
    for (int i = 0; i < 5; i++)
        loud += IMG_NORM_PIXEL(spectrum, vec2(at * (0.80 + 0.12 * float(i)), 0.5)).r;
    loud = clamp(loud * 0.2, 0.0, 1.0);
    vec2 was = FRAMEINDEX == 0 ? vec2(0.0) : IMG_NORM_PIXEL(heard, isf_FragNormCoord).rg;
    float dt = clamp(TIMEDELTA, 0.0, 0.1);
    float pace = loud > was.r ? 0.45 : 2.4;                      // seconds
    was.r += (loud - was.r) * dt / (dt + pace);
    was.g += (was.r - was.g) * dt / (dt + 4.0);
    float lone = mix(0.74, 0.54, hear) * (1.0 - hear * clamp(2.0 * was.g, 0.0, 0.75));
    float idle = lone * smoothstep(-0.10, 0.80, vnoise1(TIME * 0.085 + band * 37.0 + seed * 91.0));
    float light = max(idle, 2.5 * hear * smoothstep(0.03, 0.95, was.r));
    gl_FragColor = vec4(was, light, 1.0);
}

void gather() {
    float first = isf_FragNormCoord.x < 0.5 ? 0.0 : 4.0;
    for (int i = 0; i < 4; i++)
        gl_FragColor[i] = max(IMG_NORM_PIXEL(heard, vec2((first + float(i) + 0.25) * 0.125, 0.5)).b,
                              IMG_NORM_PIXEL(heard, vec2((first + float(i) + 0.75) * 0.125, 0.5)).b);
}

void picture() {
    float px = 1.0 / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    float t = TIME;
    Hues own = hues();
    vec3 hg = own.ground, ht = own.tone, hk = own.kin, ha = own.accent;
    vec4 die = dice();
    float hand = die.w < 0.5 ? -1.0 : 1.0;
    float power = mix(0.50, 1.55, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.20 * wave);
    vec4 low = IMG_NORM_PIXEL(voices, vec2(0.25, 0.5)), up = IMG_NORM_PIXEL(voices, vec2(0.75, 0.5));

    // ---- sky: an afterglow behind far trees, and the water that holds it ----
    float horizon = 0.070 + 0.05 * (die.x - 0.5);
    float lx = p.x - 0.34 * hand * (0.3 + 0.6 * die.y);
    float over = p.y - horizon, tall = abs(over);
    bool wet = over < 0.0;
    float far = 1.0 / (0.10 + tall), deep = -1.75 * far, away = p.x * far;
    vec2 q1 = wet ? vec2(away + t * 0.013, deep - t * 0.045) : vec2(p.x * 1.1 + t * 0.005, tall * 7.0);
    float ripple = vnoise(q1 + die.zw * 40.0);
    vec2 q2 = wet ? vec2(away * 2.6 - t * 0.019, deep * 2.7 - t * 0.080 + ripple)
                  : vec2(p.x * 2.7 + t * 0.008 + ripple, tall * 19.0);
    float fine = vnoise(q2 + die.xy * 40.0) * (wet ? fade(4.0 * px * far * (1.0 + far)) : 1.0);
    float chop = wet ? 0.6 * ripple + 0.5 * fine : 0.0, cloud = wet ? 0.0 : 0.30 * ripple + 0.18 * fine;
    float high = tall * (1.0 + 0.35 * chop);
    float sunk = lx + 0.10 * chop * (0.3 + tall);
    float glow = ebb(high * 6.5 + sunk * sunk * 4.2), wide = ebb(high * 3.1 + abs(sunk) * 1.2);
    vec3 col = hg * (0.007 + 0.010 * ebb(high * 2.5));
    col += mix(hg, hk, 0.75) * wide * power * 0.056 * (1.0 + cloud);
    col += mix(hk, ha, 0.28) * glow * power * 0.17 * (1.0 + cloud);
    float crown = 0.036 + 0.030 * vnoise1(p.x * 2.6 + die.x * 50.0) + 0.010 * vnoise1(p.x * 17.0 + die.y * 50.0);
    float wood = 1.0 - smoothstep(crown - 0.004 - px, crown + 0.004 + px, high + 0.018 * chop);
    col = mix(col, hg * 0.006 + col * mix(0.20, 0.50, mist), wood * 0.92);
    if (wet) col = col * (0.58 + 0.34 * chop) + mix(hg, hk, 0.5) * 0.003;
    // mist lies on the far water
    float fog = swing(p.x * 0.31 - t * 0.0031 + 0.20 * swing(p.y * 1.7 + p.x * 0.9 + die.z) + die.y);
    float lying = ebb((over + 0.015) * (over + 0.015) * 330.0) * smoothstep(-0.9, 0.9, fog) * mist;
    col += mix(hk, ht, 0.25) * lying * power * (0.012 + 0.14 * wide);

    // ---- the stand: far to near, each mirrored in the water at its foot ----
    float zoom = mix(1.12, 0.88, energy) * (1.0 - 0.008 * (breath - 0.5));
    float gust = swing(t / 13.0 - p.x * 0.35 + die.x) + 0.5 * swing(t / 7.3 - p.x * 0.8 + die.y);
    gust = (0.30 + 0.42 * gust + 0.30 * low.x) * wind;
    float arrive = p.x * hand - 1.6 * (wave - 0.5);
    gust = (gust + 0.55 * wave * ebb(arrive * arrive * 6.0)) * 0.30 * hand;
    float ruffled = 0.050 * ripple + 0.030 * fine;
    float edge_light = power * ebb(abs(lx) * 1.7);
    vec3 bright = vec3(0.0);
    for (int i = 0; i < 4; i++) {
        float k = float(i) * 0.3333;                             // 0: far, 1: near
        float line = mix(0.026, -0.60, k * (0.45 + 0.55 * k));
        float pitch = mix(0.034, 0.125, k * k), full = mix(0.20, 0.98, k) * (0.70 + 0.6 * stand);
        float rise = (p.y - line) * zoom, h = abs(rise);
        bool mirrored = rise < 0.0;
        h *= mirrored ? 1.18 : 1.0;
        float size = mix(0.60, 1.50, k * k), blur = px * zoom * 0.9 + 0.0008 + 0.0070 * k * k * k;
        float crisp = 0.5 / blur, per = 1.0 / pitch;             // the near ones are out of focus
        vec4 kind = i == 0 ? up : i == 1 ? vec4(low.zw, up.xy) : i == 2 ? vec4(low.yzw, up.x) : low;
        if (h < full) {
            float bent = p.x * zoom - gust * h * h / full + (mirrored ? ruffled * (0.15 + h) : 0.0);
            float x = bent * per + die[i] * 17.0 + 0.31 * float(i), cell = floor(x);
            vec4 r = cell_dice(vec2(cell, float(i)), 5);
            // thick at one side, a gap where the light is
            float place = (cell + 0.5 - die[i] * 17.0 - 0.31 * float(i)) * pitch * hand;
            float crowd = clamp(0.58 + 0.42 * place + 0.30 * swing(cell * 0.083 + k * 0.7 + die.z) + 0.45 * (stand - 0.5), 0.0, 1.0);
            float grown = full * (0.40 + 0.60 * r.x) * crowd, there = clamp(grown * 16.0 - 0.8, 0.0, 1.0);
            float along = h / max(grown, 0.03), a2 = along * along;
            float root = x - cell - 0.5 - (r.z - 0.5) * 0.34;
            float off = (root - (r.y - 0.5) * 0.34 * a2) * pitch;
            // a stalk with a head, and a leaf that bends over
            float d = abs(off) - 0.0015 * size * (1.3 - 0.6 * along) + max(along - 1.0, 0.0) * 0.5;
            float la = along * (1.10 + 0.6 * r.w), left = max(1.0 - la, 0.0);
            float leaf = abs((root + (r.w - 0.5) * 0.90 * la * la) * pitch)
                       - 0.0130 * size * left * (0.20 + 1.5 * la * left);
            leaf += max(la - 1.0, 0.0);
            float bears = r.y > 0.34 ? 1.0 : 0.0;
            float thick = 0.0074 * size * (0.70 + 0.5 * r.z), tall2 = h - 0.84 * grown;
            float e = off * off / (thick * thick), g = tall2 / (thick * (3.4 + 3.6 * r.x));
            g *= g;
            float oval = e + g * g;                              // a head: blunt at both ends
            d = min(min(d, leaf), bears > 0.0 ? (oval - 1.0) * thick * 0.5 : 1.0);
            float cover = clamp(0.5 - d * crisp, 0.0, 1.0) * there;
            // dark against the glow, a little light on the side of it
            vec3 dark = hg * 0.0045 + mix(hg, ht, 0.6) * edge_light * 0.036 * (1.0 - 0.6 * k);
            float hide = cover * (mirrored ? 0.55 : 0.95) * (1.0 - (1.0 - k) * (1.0 - k) * mist * 0.5);
            col = mix(col, dark, hide);
            bright *= 1.0 - 0.85 * hide;
            // the light that climbs in it: all in the head, and some way down the stalk
            float say = r.w < 0.5 ? (r.w < 0.25 ? kind.x : kind.y) : (r.w < 0.75 ? kind.z : kind.w);
            float climb = along * clamp(along * 1.3 - 1.15 + 1.25 * say, 0.0, 1.0);
            float body = max(1.0 - 0.80 * e - 0.85 * g, 0.0);
            float side = max(1.0 - 4.2 * (root * root + off * off * per * per) * 0.5, 0.0);
            float up2 = max(1.0 - tall2 * tall2 / (0.010 * size * size), 0.0);
            float halo = side * side * up2 * up2;
            float amount = say * there * (mirrored ? 0.50 - 0.45 * h : 1.0) * (0.95 - 0.45 * k);
            vec3 lamp = r.x > 0.82 ? ha : mix(ht, hk, 0.6 * r.z);
            bright += lamp * (amount * (cover * climb * 0.30 + bears * (body * (0.10 + 0.62 * body) + 0.070 * halo)));
        }
    }
    bright *= power * (0.95 + 0.6 * breath);
    float heart = ebb(dot(p, p) * 1.6);
    col += bright * (0.40 + 0.85 * heart);

    // ---- fireflies: they come and go in 5 to 9 s ----
    vec2 q = p * 6.4 * zoom + vec2(0.9 * swing(t / 41.0 + die.x), 0.6 * swing(t / 29.0 + die.y) + t * 0.006);
    vec4 r = cell_dice(floor(q), 11);
    vec2 d = fract(q) - 0.5 - 0.20 * turn(t / (17.0 + 9.0 * r.z) + r.x) - 0.10 * (r.xy - 0.5);
    float life = max(swing(t / (5.0 + 4.0 * r.y) + r.z), 0.0);
    float near = 0.030, w2 = near * near + 60.0 * px * px, dd = dot(d, d);
    float fly = max(1.0 - dd / 0.075, 0.0);
    float light = ebb(dd / w2) * near * near / w2 + 0.050 * fly * fly * fly;
    light *= step(1.0 - 0.62 * flies, r.w) * life * life * (0.30 + 0.9 * up.z)
           * smoothstep(0.42, 0.10, p.y) * smoothstep(-0.42, -0.10, p.y);
    col += mix(ha, ht, 0.35 * r.x) * light * power * 0.70;

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}

void main() {
    if (PASSINDEX == 0) listen();
    else if (PASSINDEX == 1) gather();
    else picture();
}
