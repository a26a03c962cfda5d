/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Coral: a fan of coral on the floor of the sea grows from its foot, branches, dies back at its edge and grows again, in light from above. Technique: reaction and diffusion of two substances (P. Gray and S. Scott 1984; constants near those of J. Pearson, Complex Patterns in a Simple System, Science 261, 1993), one of them further along the branches than across (H. Shoji and others, Directionality of Stripes Formed by Anisotropic Reaction-Diffusion Models, J. Theor. Biol. 214, 2002), lit as relief.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Sea", "Growing", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart, finer"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs, the fan opens"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light climbs the branches"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another coral and place"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.03, 0.07, 0.11, 1.0], "LABEL": "Ground: the sea"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.82, 0.50, 0.46, 1.0], "LABEL": "Tone: the coral in the light"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.56, 0.36, 0.56, 1.0], "LABEL": "Kin: its thin edges, coral further away"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.42, 0.88, 0.80, 1.0], "LABEL": "Accent: what is growing now"},
    {"NAME": "knit", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4, "LABEL": "Knit: from single branches to a closed lace"},
    {"NAME": "spread", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Spread: how wide the fan is"},
    {"NAME": "sway", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Sway: how far the swell bends it"},
    {"NAME": "shafts", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Shafts: light that falls through the water"},
    {"NAME": "drift", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Drift: specks that live in the water"}
  ],
  "PASSES": [
    {"TARGET": "brood", "PERSISTENT": true, "FLOAT": true, "WIDTH": "clamp($HEIGHT * 0.7, 48, 90) * 1.5714", "HEIGHT": "clamp($HEIGHT * 0.7, 48, 90)"},
    {"TARGET": "relief", "FLOAT": true, "WIDTH": "clamp($HEIGHT * 0.36, min($HEIGHT * 0.8, 84), 420) * 1.5714", "HEIGHT": "clamp($HEIGHT * 0.36, min($HEIGHT * 0.8, 84), 420)"},
    {}
  ]
}*/

#include "dream.glsl"

// Both buffers lie on the fan, in heights of the picture from its foot.
// brood: food, coral, how it grows now. relief: coral, its slopes, how it grows.

const vec2 SPAN = vec2(1.5714, 1.0), FOOT = vec2(0.5, 0.035);

vec2 to_uv(vec2 a) { return a / SPAN + FOOT; }

// how far the fan reaches in this direction: lobes that come and go in a minute or two
float rim(vec2 a, vec4 die) {
    float side = a.x / (length(a) + 0.05);
    float lobes = 0.12 * vnoise(vec2(side * 2.1 + die.x * 30.0, TIME * 0.012))
                + 0.045 * vnoise(vec2(side * 5.3 + die.y * 30.0, TIME * 0.017));
    float wide = 0.62 + 0.30 * spread;
    return (0.775 + lobes) * (1.0 - 0.30 * (1.25 - wide) * 2.0 * side * side);
}

// branches to begin with: each splits into two where they would stand too far apart
float begun(vec2 a, vec4 die) {
    float r = length(a) + 1e-3;
    float level = log2(r / 0.055), whole = floor(level), part = level - whole;
    float turned = atan(a.x, a.y) * 0.15915 + 0.010 * vnoise(vec2(r * 7.0, die.z * 50.0)) + die.x;
    float bend = 0.035 * vnoise(a * 6.0 + die.yz * 40.0) / max(r, 0.1) * 0.30;
    float n = 5.0 * exp2(whole);
    float one = 0.5 + 0.5 * turn((turned + bend) * n + 0.25).x;
    float two = 0.5 + 0.5 * turn((turned + bend) * n * 2.0 + 0.25).x;
    return smoothstep(0.44, 0.82, mix(one, two, smoothstep(0.35, 0.95, part)));
}

void grow() {
    vec4 die = dice();
    vec2 one = 1.0 / RENDERSIZE, uv = isf_FragNormCoord;
    vec2 a = (uv - FOOT) * SPAN;
    float r = length(a), edge = rim(a, die);
    float inside = 1.0 - smoothstep(edge - 0.02, edge + 0.02, r);
    inside *= smoothstep(0.05, 0.34, (a.y + 0.04) / (r + 0.04) - 0.18 * r);
    if (FRAMEINDEX == 0) {
        float v = begun(a, die) * inside;
        gl_FragColor = vec4(1.0 - 0.60 * v, 0.33 * v, 0.0, 1.0);
        return;
    }
    float fine = clamp(RENDERSIZE.y * RENDERSIZE.y / 11500.0, 0.3, 0.71);
    float dt = min(TIMEDELTA * 160.0, 2.6);
    vec2 out_of = normalize(a + vec2(0.0, 0.02));
    vec2 bend = turn(0.150 * vnoise(a * 3.3 + die.wx * 40.0 + TIME * 0.003) + 0.050 * vnoise(a * 9.0 + die.yw * 40.0));
    vec2 along = vec2(bend.y * out_of.x - bend.x * out_of.y, bend.x * out_of.x + bend.y * out_of.y);
    // the whole fan is pushed outward, slowly: there is always room to branch
    vec2 at = uv - out_of / SPAN * dt * 0.000075;
    vec3 c = IMG_NORM_PIXEL(brood, at).rgb;
    vec2 e = vec2(one.x, 0.0), n = vec2(0.0, one.y);
    vec2 wide = IMG_NORM_PIXEL(brood, at + e).rg + IMG_NORM_PIXEL(brood, at - e).rg;
    vec2 tall = IMG_NORM_PIXEL(brood, at + n).rg + IMG_NORM_PIXEL(brood, at - n).rg;
    vec2 rise = IMG_NORM_PIXEL(brood, at + one).rg + IMG_NORM_PIXEL(brood, at - one).rg;
    vec2 sink = IMG_NORM_PIXEL(brood, at + e - n).rg + IMG_NORM_PIXEL(brood, at - e + n).rg;
    // the same in all directions (nine points), and more along the branch
    vec2 even = (4.0 * (wide + tall) + rise + sink - 20.0 * c.rg) / 6.0;
    vec2 far = along.x * along.x * (wide - 2.0 * c.rg) + along.y * along.y * (tall - 2.0 * c.rg)
             + 0.5 * along.x * along.y * (rise - sink);
    vec2 spread_now = vec2(0.141 * even.r, 0.042 * even.g + 0.058 * far.g) * fine;
    float feed = mix(0.0430, 0.0570, knit), kill = mix(0.0630, 0.0618, knit);
    // holes that wander outward, and the sea around it, where nothing lives
    float hole = vnoise(a * 3.7 - out_of * TIME * 0.006 + die.zw * 40.0);
    // what was there to begin with is not let die
    float young = 1.0 / (1.0 + 0.004 * float(FRAMEINDEX));
    young *= young;
    feed = mix(feed, 0.0545, young);
    kill = mix(kill, 0.0616, young);
    kill += 0.0042 * (1.0 - young) * smoothstep(0.22, 0.75, hole) * smoothstep(0.15, 0.4, r) + 0.030 * (1.0 - inside);
    float eaten = c.r * c.g * c.g;
    vec2 now = c.rg + dt * (spread_now + vec2(feed * (1.0 - c.r) - eaten, eaten - (feed + kill) * c.g));
    // the foot never dies
    float stem = exp(-dot(a, a) * 900.0);
    now = mix(now, vec2(0.42, 0.28), stem * 0.08 * dt);
    now = clamp(now, 0.0, 1.0);
    float birth = clamp((now.g - c.g) / max(dt, 0.05) * 210.0 * (1.0 - 0.8 * young), -0.2, 1.0);
    gl_FragColor = vec4(now, mix(c.b, max(birth, 0.0), 0.010 * dt), 1.0);
}

// quadratic B-spline of nine texels: smooth, and its slope is too
void shape() {
    vec2 size = IMG_SIZE(brood), x = isf_FragNormCoord * size;
    vec2 c = floor(x) + 0.5, f = x - c;
    vec2 w0 = 0.5 * (0.5 - f) * (0.5 - f), w1 = 0.75 - f * f, w2 = 0.5 * (0.5 + f) * (0.5 + f);
    vec2 g0 = f - 0.5, g1 = -2.0 * f, g2 = f + 0.5;
    float v = 0.0, live = 0.0;
    vec2 slope = vec2(0.0);
    for (int j = -1; j <= 1; j++) {
        float wy = j < 0 ? w0.y : j == 0 ? w1.y : w2.y, gy = j < 0 ? g0.y : j == 0 ? g1.y : g2.y;
        vec2 l = IMG_NORM_PIXEL(brood, (c + vec2(-1.0, j)) / size).gb;
        vec2 m = IMG_NORM_PIXEL(brood, (c + vec2(0.0, j)) / size).gb;
        vec2 r = IMG_NORM_PIXEL(brood, (c + vec2(1.0, j)) / size).gb;
        vec2 row = l * w0.x + m * w1.x + r * w2.x;
        v += row.x * wy;
        live += row.y * wy;
        slope += vec2((l.x * g0.x + m.x * g1.x + r.x * g2.x) * wy, row.x * gy);
    }
    gl_FragColor = vec4(v, slope * size.y / 112.0, live);
}

void picture() {
    float px = 1.0 / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    float t = TIME;
    Hues own = hues();
    vec3 hg = own.ground, ht = own.tone, hk = own.kin, ha = own.accent;
    vec4 die = dice();
    float hand = die.w < 0.5 ? -1.0 : 1.0;
    float power = mix(0.56, 1.75, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.20 * wave);

    // ---- the water, lit from above ----
    vec2 lamp = vec2(hand * 0.28, 0.62);
    vec2 ray = p - lamp;
    float ang = ray.x / (0.35 - ray.y);
    float beam = vnoise(vec2(ang * 3.3 + die.x * 30.0 + t * 0.011, t * 0.019))
               + 0.35 * swing(ang * 1.9 - t * 0.004 + die.y) * swing(ang * 3.1 + t * 0.006);
    float high = ebb(length(ray * vec2(0.8, 1.0)) * 2.1);
    float shaft = smoothstep(-0.35, 1.05, beam) * shafts * high;
    vec3 col = hg * (0.008 + 0.030 * high * (1.0 + 0.2 * beam));
    col += mix(hg, hk, 0.45) * high * power * (0.045 + 0.15 * shaft);

    // ---- far: another fan, pale in the water ----
    float swell = swing(t / 11.0 + die.y), swell2 = swing(t / 17.0 + die.z);
    vec2 f = (p - vec2(-hand * (0.46 + 0.13 * die.x), -0.39)) * vec2(-hand, 1.0) * 1.75;
    f.x += 0.10 * (swell2 + 0.5) * sway * f.y * f.y;
    vec2 there = to_uv(f);
    if (there.x > 0.0 && there.x < 1.0 && there.y > 0.0 && there.y < 1.0) {
        vec4 c = IMG_NORM_PIXEL(relief, there);
        vec3 dim = mix(hg, hk, 0.65) * (0.012 + 0.150 * high * power * (0.8 - 6.0 * c.b));
        col = mix(col, dim, smoothstep(0.03, 0.26, c.r) * 0.75);
    }

    // ---- the floor ----
    float dune = 0.030 * vnoise1(p.x * 2.3 + die.x * 40.0) + 0.010 * vnoise1(p.x * 7.1);
    float bed = -0.415 + dune - p.y;
    float soft = 0.006 + px;
    vec3 sand = hg * 0.010 + mix(hg, hk, 0.35) * (0.022 + 0.05 * smoothstep(0.0, 0.10, bed))
              * power * (0.7 + 0.3 * beam) * ebb(abs(p.x - 0.1 * hand) * 2.0);
    col = mix(col, sand, smoothstep(-soft, soft, bed) * 0.9);

    // ---- the coral ----
    float zoom = mix(1.10, 0.90, energy) * (1.0 - 0.022 * (breath - 0.5));
    vec2 a = (p - vec2(0.05 * (die.z - 0.5), -0.46)) * zoom;
    float high2 = a.y * a.y;
    a.x += sway * (0.040 * swell + 0.026 * swing(t / 6.7 + 0.9 * a.y + 0.5 * a.x)) * (high2 + 0.3 * a.y);
    a.y += sway * 0.012 * swing(t / 7.9 + 0.8 * a.x + die.x) * a.y;
    vec2 uv = to_uv(a);
    if (uv.x > 0.0 && uv.x < 1.0 && uv.y > 0.0 && uv.y < 1.0) {
        vec4 c = IMG_NORM_PIXEL(relief, uv);
        // its shadow on what lies behind
        vec4 s = IMG_NORM_PIXEL(relief, uv + vec2(hand * 0.010, 0.020));
        col *= 1.0 - 0.50 * smoothstep(0.03, 0.22, s.r);
        float r = length(a);
        float f1 = vnoise(a * 21.0 + die.xy * 40.0) * fade(21.0 * px);
        float f2 = vnoise(a * 67.0 + f1 + die.zw * 40.0) * fade(67.0 * px);
        float body = smoothstep(0.055, 0.150, c.r + 0.010 * f1);
        vec2 g = c.gb * 13.0 - 0.18 * vec2(f2, f1);
        vec3 n = vec3(-g, 1.0) * inversesqrt(1.0 + dot(g, g));
        vec3 sun = normalize(vec3(lamp - p * 0.6, 0.42));
        float lam = max(dot(n, sun) * 0.78 + 0.22, 0.0);
        float under = max(-dot(n.xy, sun.xy), 0.0);
        float ridge = smoothstep(0.10, 0.36, c.r);
        vec2 h = p - vec2(0.0, 0.02);
        float heart = ebb(dot(h, h) * mix(4.6, 2.9, energy));
        float fall = (0.10 + 0.62 * heart + 0.62 * high * (0.55 + 0.9 * shaft)) * power;
        float climb = r - 1.0 * wave;
        fall *= 1.0 + 0.9 * wave * ebb(climb * climb * 22.0);
        float mottle = 1.0 + 0.22 * f1 + 0.30 * f2;
        vec3 skin = mix(hk, ht, smoothstep(0.10, 0.85, lam * 0.75 + 0.35 * ridge)) * lam * lam * fall * 0.46 * mottle;
        // light that comes through where it is thin
        skin += mix(hk, ha, 0.12) * (1.0 - ridge) * fall * 0.060 * (1.0 + under);
        skin += hg * 0.006;
        skin *= 0.55 + 0.45 * smoothstep(0.05, 0.45, r);
        // what grows now has a light of its own
        float live = smoothstep(0.05, 0.62, c.a);
        skin += ha * live * ridge * (0.040 + 0.24 * power) * (0.70 + 0.45 * breath) * (0.6 + 0.5 * lam);
        col = mix(col, skin, body);
        col += ha * live * 0.010 * power * (1.0 - body);
    }

    // ---- what lives in the water ----
    vec2 mp = p * 9.0 + vec2(0.8 * swing(t * 0.013 + p.y * 0.4) + die.x * 20.0, t * 0.031);
    vec4 mr = cell_dice(floor(mp), 3);
    vec2 md = fract(mp) - 0.28 - 0.44 * mr.xy;
    float ms = 0.014 + 0.10 * mr.z * mr.z * mr.z, mw = min(sqrt(ms * ms + 200.0 * px * px), 0.27);
    float mote = max(1.0 - dot(md, md) / (mw * mw), 0.0);
    mote *= mote * step(1.0 - 0.7 * drift, mr.w) * ms * 0.026 / (mw * mw);
    col += mix(ht, ha, 0.35) * mote * (0.03 + 0.5 * high) * power;

    // ---- near: weed out of focus, at one side ----
    float lean = 0.10 * swing(t / 13.0 + die.w) * (p.y + 0.5);
    float reach = (p.x + lean) * -hand - 0.60 - 0.10 * vnoise(vec2(p.y * 2.2 + die.y * 9.0, t * 0.01)) + 0.22 * p.y;
    float weed = smoothstep(-0.10, 0.16, reach);
    col = mix(col, hg * 0.006 + mix(hg, hk, 0.4) * 0.010 * high * power, weed * 0.85);

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}

void main() {
    if (PASSINDEX == 0) grow();
    else if (PASSINDEX == 1) shape();
    else picture();
}
