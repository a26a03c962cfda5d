/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Snow in a beam: a slanted cone of lamplight in the night, flakes falling slowly through it at three depths, a rounded bank that holds the pool of light, a leaning post.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, a brighter lamp, more flakes and finer"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light runs down the beam"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens the beam and warms it"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens the beam and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another lamp, bank and fence"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.04, 0.06, 0.12, 1.0], "LABEL": "Ground: the night"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.46, 0.55, 0.70, 1.0], "LABEL": "Tone: the light in the beam"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.38, 0.42, 0.68, 1.0], "LABEL": "Kin: snow in the shade, far hill"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.93, 0.68, 0.46, 1.0], "LABEL": "Accent: the lamp's heart and a far window"},
    {"NAME": "flurry", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55, "LABEL": "Flurry: how much snow is in the air"},
    {"NAME": "mist", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Mist: how much the air itself glows"},
    {"NAME": "spread", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Spread: how wide the beam is"},
    {"NAME": "slant", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.3, "LABEL": "Slant: how far the wind leans the fall"},
    {"NAME": "fence", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.7, "LABEL": "Fence: how far the posts stand out of the snow"}
  ]
}*/

#include "dream.glsl"

// One layer of flakes: columns that each fall at their own pace, at most one flake to a cell, which
// never leaves it, so one look-up is enough. `size` is in heights, `pace` in heights a second.
// A flake is never smaller than 1.5 pixels and keeps its light. Returns the light of the flake here.
float flakes(vec2 p, int k, float cell, float pace, float size, float many, float crystal, float px) {
    vec2 g = p / cell;
    float col = floor(g.x);
    uint n = stir(uint(int(col) + 4096 + k * 977) * 0x8f1bbcdbu + uint(seed * 65535.0) * 0xca62c1d7u);
    vec2 c = vec2(ivec2(n & 65535u, n >> 16)) / 65535.0;
    g.y += TIME * pace / cell * (0.8 + 0.4 * c.x) + c.y * 57.0;
    float row = floor(g.y);
    n = stir(n ^ (uint(int(row) + 4096) * 0x9e3779b1u));
    vec4 a = vec4(ivec4(n & 255u, (n >> 8) & 255u, (n >> 16) & 255u, n >> 24)) * 0.0039216;
    float r = size * (0.55 + 0.9 * a.z * a.z);
    float w = sqrt(r * r + 2.25 * px * px);
    float sway = 0.35 * swing(TIME * (0.04 + 0.03 * c.x) + a.w * 7.0);
    vec2 at = vec2(0.65 * (2.0 * a.x - 1.0) + sway, 2.0 * a.y - 1.0) * max(0.5 - w / cell, 0.0);
    vec2 d = (g - vec2(col, row) - 0.5 - at) * cell / w;
    float e = dot(d, d);
    // close enough to see: six soft arms, turning slowly
    if (crystal > 0.0) {
        vec2 z = vec2(d.x * d.x - d.y * d.y, 2.0 * d.x * d.y);
        z = vec2(z.x * d.x - z.y * d.y, z.x * d.y + z.y * d.x);
        vec2 u = turn(a.w + TIME * 0.02 * (a.x - 0.5));
        float six = ((z.x * z.x - z.y * z.y) * u.y + 2.0 * z.x * z.y * u.x) / (e * e * e + 1e-4);
        e *= 1.0 + crystal * a.y * smoothstep(6.0 * px, 24.0 * px, r) * (0.75 - 0.75 * six);
    }
    float f = max(1.0 - e, 0.0);
    // fewer in calmer air; none where a tile is too coarse for the layer
    float there = smoothstep(0.0, 0.3, many - 0.97 * fract(a.w * 31.7 + a.x))
                * (1.0 - smoothstep(0.42, 0.5, w / cell));
    return f * f * there * r * r / (w * w) * (0.35 + 1.1 * a.y * a.y);
}

// the large form of the bank; x is mirrored so that the lamp is on the left
float mound(float x, vec4 die) {
    float m = x - 0.14 + 0.34 * die.z;
    return -0.36 + 0.07 * die.x + (0.07 + 0.09 * die.y) / (1.0 + 5.0 * m * m) + 0.16 * (die.w - 0.5) * x;
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
    float hand = fract(s4 * 7.0 + s1) < 0.5 ? -1.0 : 1.0;
    float power = mix(0.78, 1.9, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.15 * wave);
    float zoom = mix(1.08, 0.88, energy);
    vec2 q = vec2(p.x * hand, p.y + 0.05) * zoom - vec2(0.0, 0.05);
    px *= zoom;

    // ---- the bank's crest, and where the light comes down on it ----
    float ease = mound(q.x, die);
    float roll = vnoise1(q.x * 2.1 + s4 * 61.0);
    float bank = ease + 0.034 * roll;
    float dy = bank - q.y;
    bool on = dy > 0.0;
    vec2 foot = vec2(0.07 + 0.20 * (s3 - 0.5), 0.0);
    foot.y = mound(foot.x, die) - 0.055;

    // ---- the beam ----
    vec2 lamp = vec2(-0.80 + 0.62 * fract(s1 * 3.0 + s2), 0.70 + 0.10 * s2);
    vec2 ax = normalize(foot - lamp);
    vec2 d = q - lamp;
    float along = dot(d, ax), across = ax.x * d.y - ax.y * d.x;
    float far = max(along, 0.0);
    float rate = (0.13 + 0.19 * spread + 0.11 * s4) * (1.0 + 0.22 * valence - 0.12 * arousal);
    float mouth = 0.03 + 0.05 * s2;
    float wide = mouth + far * rate;
    float u = across / wide;
    float phase = fract(t * 0.021 + s2);
    float run = phase * 1.6 - along;
    float gather = wave * 4.0 * phase * (1.0 - phase) * ebb(30.0 * run * run);

    // ---- one set of noise serves the haze above and the snow below ----
    float deep = max(dy, 0.0);
    float near = 1.0 / (0.30 + 1.1 * deep);
    vec2 hp = vec2(along * 1.9 - t * 0.010,
                   across * 3.2 + 0.3 * swing(along * 0.5 - t * 0.004) + 40.0 * s3);
    vec2 gp = vec2((q.x + 0.4 * deep) * near, 1.7 * sqrt(deep + 0.02) * (1.0 + near));
    float n1 = vnoise(on ? gp * vec2(0.9, 2.2) + s4 * 50.0 : hp);
    float n2 = vnoise(on ? gp * vec2(2.9, 6.5) + n1 * 0.6 + 13.0
                         : hp * 2.7 + vec2(-t * 0.013 + 0.8 * n1, 17.0));
    n2 *= fade((on ? 14.0 : 9.0) * px);
    float n3 = vnoise(on ? gp * vec2(13.0, 22.0) + n2 * 0.7 + 29.0
                         : hp * 7.1 + vec2(-t * 0.021 + 0.8 * n2, 41.0));
    n3 *= fade((on ? 50.0 : 24.0) * px);
    float n4 = vnoise(on ? gp * vec2(61.0, 80.0) + 1.3 * n3 + 53.0
                         : hp * 19.0 + vec2(-t * 0.03 + 0.8 * n3, 71.0));
    n4 *= fade((on ? 190.0 : 65.0) * px);

    float rays = vnoise1(u * 2.6 + t * 0.008 + s1 * 31.0)
               + 0.5 * vnoise1(u * 7.3 - t * 0.011 + s2 * 31.0);
    float air = max(1.0 + (on ? 0.0 : 0.42 * n1 + 0.30 * n2 + 0.17 * n3 + 0.10 * n4) + 0.17 * rays, 0.0);
    // one edge found, the other lost
    float au = abs(u);
    float cone = 1.0 - smoothstep(mix(0.45, 0.15, smoothstep(-0.5, 0.5, u)), 1.15, au);
    cone *= 1.0 - 0.35 * min(au, 1.0);
    float skirt = ebb(2.2 * au);
    float falloff = 1.0 / (0.30 + 1.15 * far * far);

    // ---- far: night, a hill, one window ----
    float hill = -0.185 + 0.07 * s1 + 0.05 * vnoise1(q.x * 1.7 + 0.02 * swing(t * 0.0071) + s2 * 47.0);
    float over = q.y - hill;
    float sunk = max(-over, 0.0);
    vec3 col = hg * (0.007 + 0.011 * ebb(3.0 * max(over, 0.0)))
             * (on ? 1.0 : 1.0 + 0.24 * n1 + 0.16 * n2 + 0.08 * n3);
    col += mix(hg, hk, 0.5) * 0.014 * power * ebb(2.4 * length(q - vec2(0.1, -0.1)));
    vec3 slope = mix(hg, hk, 0.55)
               * (0.010 + 0.026 * power * ebb(8.0 * sunk) * ebb(1.3 * abs(q.x - foot.x)));
    col = mix(col, slope, 1.0 - smoothstep(-0.004 - px, 0.004 + px, over));
    vec2 wd = vec2(q.x - 0.36 - 0.25 * s4, over + 0.014);
    float wr = dot(wd, wd);
    col += ha * (0.13 * ebb(wr * 26000.0) + 0.016 * ebb(wr * 700.0)) * (0.8 + 0.2 * swing(t * 0.017));

    // ---- the air in the beam ----
    vec3 warm = mix(ht, ha, 0.60 * ebb(3.2 * far));
    vec3 beam = warm * power * falloff * (0.25 + 0.75 * mist)
              * (0.082 * cone * (1.0 + 1.1 * gather) * air + 0.012 * skirt);

    // ---- the bank: rounded, lit where it faces the lamp ----
    float snowy = smoothstep(-0.0025 - px, 0.0025 + px, dy);
    vec2 pd = (q - foot) / vec2(mouth + 0.9 * rate, 0.115);
    float pr = dot(pd, pd);
    float rise = (mound(q.x + 0.05, die) - ease) * 20.0;
    float facing = 0.72 + 0.8 * rise + (on ? 0.26 * n1 + 0.17 * n2 + 0.075 * n3 + 0.09 * n4 : 0.0);
    facing = 0.12 + 0.88 * smoothstep(-0.15, 1.45, facing);
    float pool = ebb(0.75 * pr) * (1.0 + 0.8 * gather);
    vec3 snow = mix(hg, hk, 0.7) * (0.008 + 0.016 * facing + 0.035 * power * ebb(0.30 * pr) * facing);
    snow += mix(ht, ha, 0.22 * ebb(1.2 * pr)) * pool * power * facing * 0.34;
    snow += ht * power * 0.05 * ebb(60.0 * deep) * ebb(0.5 * pr);   // light enters the thin crest

    // ---- the middle: two leaning posts with snow on their heads, and their shadow ----
    float stands = smoothstep(0.0, 0.2, fence);
    float kind = fract(s3 * 5.0 + s4);
    float post = 0.0, cap = 0.0, lee = 0.0, shade = 0.0;
    float from = kind < 0.35 ? -0.27 : 0.19 + 0.07 * s1;
    for (int i = 0; i < 2; i++) {
        float size = i == 0 ? 1.0 : 0.60;
        vec2 b = vec2(q.x - foot.x - from - (i == 0 ? 0.0 : (0.20 + 0.09 * s2) * sign(from)), -dy);
        b.y += i == 0 ? 0.05 + 0.04 * s1 : 0.012;
        float tall = (0.04 + 0.26 * fence) * size * (0.75 + 0.5 * (i == 0 ? s4 : s2));
        float b0 = b.x;
        b.x -= (i == 0 ? 0.20 : -0.24) * (s3 - 0.3) * b.y;
        float hw = 0.017 * size, e = 0.002 + px;
        float side = b.x / hw;
        float body = (1.0 - smoothstep(hw - e, hw + e, abs(b.x)))
                   * (1.0 - smoothstep(tall - e, tall + e, b.y))
                   * smoothstep(-0.006, 0.024, b.y + 0.008 * side);
        vec2 h = vec2(side * 0.66, (b.y - tall) / (hw * 1.15));
        h.y -= 0.15 - 0.5 * h.x * h.x;
        float hat = 1.0 - smoothstep(0.75 - e / hw, 1.0 + e / hw, length(h));
        lee = body > 0.0 || hat > 0.0 ? side : lee;
        post = max(post, body);
        cap = max(cap, hat);
        // the shadow lies down the bank, away from the lamp
        float sx = b0 + b.y * 1.9 * ax.x / max(-ax.y, 0.3);
        shade = max(shade, ebb(sx * sx / (hw * hw * (1.0 + 90.0 * b.y * b.y)) * 1.4)
                * (1.0 - smoothstep(-0.03, 0.02, b.y)) * ebb(-6.0 * min(b.y, 0.0)) * size);
    }
    snow *= 1.0 - 0.7 * shade * fence;
    col = mix(col, snow, snowy);
    col += beam * mix(1.0, ebb(14.0 * deep), snowy);

    // ---- flakes, only where there is light ----
    float reach = cone * falloff * 1.25 / (1.0 + 0.2 * falloff)
                * mix(0.87, 1.45, energy) * (1.0 + 1.2 * gather);
    vec2 f = q + vec2(slant * 0.45 * q.y * hand, -0.008 * breath);
    f.x += 0.03 * swing(q.y * 0.35 + t * 0.010 + s1);
    float wind = swing(t * 0.0061 + s3);
    float much = flurry * mix(0.8, 1.25, energy);
    vec2 f2 = f * mat2(0.98, 0.2, -0.2, 0.98), f3 = f * mat2(0.99, -0.1, 0.1, 0.99);
    float mid = flakes(f + vec2(0.07 * wind, 0.0), 3, 0.135, 0.024, 0.0170, much, 1.0, px)
              + flakes(f2 + vec2(0.06 * wind + 7.3, 0.0), 7, 0.081, 0.019, 0.0115, much, 0.0, px);
    float dust = flakes(f3 + vec2(0.04 * wind + 3.1, 0.0), 11, 0.040, 0.014, 0.0060, much + 0.1, 0.0, px)
               + flakes(f + vec2(0.03 * wind + 5.7, 0.0), 17, 0.021, 0.009, 0.0032, much, 0.0, px);
    float close = flakes(f + vec2(0.12 * wind + 1.7, 0.0), 23, 0.31, 0.040, 0.078, much + 0.25, 0.0, px);
    vec3 white = mix(ht, vec3(1.0), 0.25) * reach;
    col += white * (0.15 * mid * (1.0 - smoothstep(-0.04, 0.12, dy)) + 0.09 * dust * (1.0 - snowy));

    float touch = (cone + 0.25 * skirt) * falloff * power;
    float edge = 1.0 - smoothstep(-1.1, 0.9, lee);
    float grain = 1.0 + 0.25 * fade(90.0 * px)
                * swing(lee * 1.3 + 0.08 * swing(q.y * 9.0) + 0.04 * swing(q.y * 31.0));
    col = mix(col, hg * 0.006 + mix(hg, ht, 0.6) * 0.12 * edge * edge * touch * grain,
              post * stands * 0.96);
    col = mix(col, mix(hg, hk, 0.6) * 0.02 + ht * touch * (0.08 + 0.20 * edge), cap * stands);
    col += white * 0.062 * close;

    // ---- near: a dark drift in one corner, out of focus ----
    float corner_x = q.x * (kind < 0.35 ? 1.0 : -1.0) - 0.02;
    float drift = -0.50 + 0.20 * corner_x / (0.45 + abs(corner_x)) + 0.02 * swing(q.x * 0.9 + s2) - q.y;
    float dark = smoothstep(-0.035, 0.030, drift);
    vec3 gloom = mix(hg, hk, 0.5)
               * (0.011 + 0.020 * power * ebb(40.0 * max(drift, 0.0)) * ebb(0.35 * pr));
    col = mix(col, gloom, 0.9 * dark);

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
