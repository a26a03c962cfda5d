/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Album: an old photograph lies under moving water, petals of light float over it. It is the picture that a person gave; without one it is a shore at evening with two who walk there. Technique: ripples by the wave equation in height and speed (M. Mueller-Fischer, Fast Water Simulation for Games Using Height Fields, GDC 2008), refraction by their slope, caustics where their curvature gathers light (J. Stam, Random Caustics, SIGGRAPH 1996 sketches) on ridged noise (F. K. Musgrave, in Texturing and Modeling 1994).",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Picture", "Water", "Slow"],
  "INPUTS": [
    {"NAME": "picture", "TYPE": "image", "LABEL": "Picture: the one that is remembered"},
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs, the photograph rises"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, a swell with light on it"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another pool and evening"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.05, 0.08, 0.10, 1.0], "LABEL": "Ground: the pool"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.74, 0.64, 0.50, 1.0], "LABEL": "Tone: the light in the photograph"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.42, 0.56, 0.56, 1.0], "LABEL": "Kin: water and its caustics"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.98, 0.60, 0.50, 1.0], "LABEL": "Accent: the hearts of the petals"},
    {"NAME": "truth", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4, "LABEL": "Truth: how much of its own colours a picture keeps"},
    {"NAME": "loss", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.4, "LABEL": "Loss: how far the water has taken it"},
    {"NAME": "ripple", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Ripple: how far the water moves it"},
    {"NAME": "petals", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Petals: how many float there"},
    {"NAME": "caustics", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Caustics: the net of light on the floor"}
  ],
  "PASSES": [
    {"TARGET": "pond", "PERSISTENT": true, "FLOAT": true, "WIDTH": "clamp($HEIGHT * 0.6, 32, 80) * $WIDTH / $HEIGHT", "HEIGHT": "clamp($HEIGHT * 0.6, 32, 80)"},
    {}
  ]
}*/

#include "dream.glsl"

// pond: height of the water, its speed, how it bends (its Laplacian), in heights of the picture

// A drop falls every few seconds somewhere, softly. Which: number of the drop; x, y, how far along.
vec3 fallen(float k, float every, vec4 die) {
    float at = TIME / every + die.x * 7.0 + 0.37 * k;
    vec4 r = cell_dice(vec2(floor(at), k), 21);
    return vec3((r.xy - 0.5) * vec2(1.5, 0.9), fract(at) * every);
}

void wet() {
    vec4 die = dice();
    vec2 uv = isf_FragNormCoord, one = 1.0 / RENDERSIZE;
    vec2 p = (uv - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    if (FRAMEINDEX == 0) {
        float h = 0.0;
        for (int i = 0; i < 3; i++) {
            float d = length(p - (vec2(die[i], die[(i + 1) & 3]) - 0.5) * vec2(1.3, 0.8)) - 0.10 - 0.10 * float(i);
            h += exp(-d * d * 260.0) * turn(d * 7.0 + 0.25).x * 0.0040;
        }
        gl_FragColor = vec4(h, 0.0, 0.0, 1.0);
        return;
    }
    vec4 c = IMG_NORM_PIXEL(pond, uv);
    float sum = IMG_NORM_PIXEL(pond, uv - vec2(one.x, 0.0)).r + IMG_NORM_PIXEL(pond, uv + vec2(one.x, 0.0)).r
              + IMG_NORM_PIXEL(pond, uv - vec2(0.0, one.y)).r + IMG_NORM_PIXEL(pond, uv + vec2(0.0, one.y)).r;
    float dt = clamp(TIMEDELTA, 0.0, 0.04), cell = max(one.y, 0.0125);
    float bend = (sum - 4.0 * c.r) / (cell * cell);
    c.g += dt * 0.0042 * bend;                                   // 0.065 heights a second
    for (int i = 0; i < 3; i++) {
        vec3 f = fallen(float(i), 5.3 + 1.9 * float(i), die);
        vec2 d = p - f.xy;
        float soon = f.z * 0.9;
        float push = soon < 1.0 ? soon * (1.0 - soon) * (1.0 - 2.0 * soon) : 0.0;
        c.g -= dt * push * exp(-dot(d, d) * 420.0) * 0.50;
    }
    vec2 rim = smoothstep(vec2(0.0), vec2(0.10), min(uv, 1.0 - uv));
    c.g *= 1.0 - dt * (0.20 + 4.0 * (1.0 - rim.x * rim.y));
    c.r = clamp((c.r + dt * c.g) * (1.0 - 0.05 * dt), -0.05, 0.05);
    gl_FragColor = vec4(c.rg, bend, 1.0);
}

// what is remembered when nobody gave a picture: light over a shore, two who walk there. How light.
float memory(vec2 m, vec4 die, float px) {
    float soft = 0.006 + 1.2 * px;
    float sea = -0.10 + 0.08 * (die.x - 0.5);
    vec2 s = m - vec2(0.42 * (die.y - 0.5), sea + 0.13 + 0.10 * die.z);
    float over = m.y - sea;
    float light = 0.16 + 0.34 * ebb(dot(s, s) * 7.0) + 0.16 * ebb(abs(over) * 7.0);
    light += 0.24 * ebb(dot(s, s) * 170.0) + 0.05 * ebb(dot(s, s) * 1500.0);
    float cloud = vnoise(vec2(m.x * 2.3 + die.x * 20.0, m.y * 9.0 + die.w * 20.0));
    light *= 1.0 + 0.24 * cloud * smoothstep(0.0, 0.12, over);
    float hill = 0.055 * vnoise1(m.x * 2.1 + die.z * 30.0) + 0.02 * vnoise1(m.x * 6.7) + 0.025 * m.x * (die.w - 0.5) * 8.0;
    light *= mix(1.0, 0.50, smoothstep(-soft, soft, hill - over) * smoothstep(-soft, soft, over));
    float glint = ebb(s.x * s.x * 60.0 / (0.25 + 3.0 * max(-over, 0.0))) * (0.65 + 0.5 * cloud);
    float water = smoothstep(soft, -soft, over);
    light = mix(light, 0.13 + 0.40 * glint + 0.10 * ebb(-over * 9.0), water);
    // the sand, with the two on it
    float sand = -0.27 + 0.05 * turn(m.x * 0.45 + die.y).x + 0.03 * m.x;
    light = mix(light, 0.22 + 0.06 * cloud + 0.12 * glint, smoothstep(-soft, soft, sand - m.y));
    float x = 0.26 * (die.w - 0.5), foot = sand - 0.045;
    for (int i = 0; i < 2; i++) {
        float tall = i == 0 ? 0.23 : 0.145;
        vec2 q = (m - vec2(x + (i == 0 ? 0.0 : 0.078), foot)) / tall;
        float wide = 0.105 + 0.075 * (1.0 - smoothstep(0.0, 0.55, q.y)) + 0.02 * smoothstep(0.5, 0.75, q.y);
        float coat = max(abs(q.x - 0.03 * q.y) - wide, abs(q.y - 0.42) - 0.38);
        float head = length(q - vec2(0.02, 0.90)) - 0.105;
        vec2 arm = q - vec2(i == 0 ? 0.20 : -0.20, i == 0 ? 0.50 : 0.62);
        float held = max(abs(arm.x + (i == 0 ? 0.55 : -0.45) * arm.y) - 0.042, abs(arm.y) - 0.16);
        float d = min(min(coat, head), held) * tall;
        light = mix(light, 0.035, smoothstep(soft, -soft * 0.4, d) * 0.94);
    }
    return light;
}

void picture_of() {
    float px = 1.0 / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    float t = TIME;
    Hues own = hues();
    vec3 hg = own.ground, ht = own.tone, hk = own.kin, ha = own.accent;
    vec4 die = dice();
    float hand = die.w < 0.5 ? -1.0 : 1.0;
    float power = mix(0.58, 1.70, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.20 * wave);

    // ---- the water's surface ----
    vec2 e = 1.0 / IMG_SIZE(pond), uv = isf_FragNormCoord;
    vec4 ne = IMG_NORM_PIXEL(pond, uv + e), sw = IMG_NORM_PIXEL(pond, uv - e);
    vec4 nw = IMG_NORM_PIXEL(pond, uv + vec2(-e.x, e.y)), se = IMG_NORM_PIXEL(pond, uv + vec2(e.x, -e.y));
    vec2 slope = vec2(ne.r + se.r - nw.r - sw.r, ne.r + nw.r - se.r - sw.r) * (0.25 / max(e.y, 0.0125));
    float bend = 0.25 * (ne.b + sw.b + nw.b + se.b);
    float n1 = vnoise(p * 2.3 + vec2(t * 0.031, -t * 0.023) + die.xy * 40.0);
    vec2 q = p * mix(5.3, 4.6, energy) + 0.75 * n1 + vec2(-t * 0.027, t * 0.035);
    float n2 = vnoise(q + die.zw * 40.0);
    float run = p.x * hand + 0.3 * p.y - 2.0 * (wave - 0.5);
    float swell = wave * ebb(run * run * 12.0);
    vec2 lens = (slope * 0.42 / (1.0 + 4.0 * length(slope)) + 0.0085 * vec2(n1 + 0.35 * n2, n2 - 0.4 * n1) + swell * vec2(0.02 * hand, 0.008)) * 1.5 * ripple;

    // ---- caustics: ridges of noise, and rings where ripples gather the light ----
    float n3 = vnoise(q * 1.9 + 0.9 * n2 + vec2(t * 0.041, t * 0.017) + slope * 5.0);
    float ridge = 1.0 - abs(n2 + 0.45 * n3), ridge2 = 1.0 - abs(n3 - 0.5 * n1);
    ridge *= ridge; ridge *= ridge; ridge2 *= ridge2; ridge2 *= ridge2;
    float net = ridge * ridge * 0.85 + ridge * ridge2 * 0.9 + 0.10;
    net *= clamp(1.0 - bend * 0.55, 0.25, 2.6);
    net = mix(0.30, net, caustics * 1.2);
    vec2 lamp = vec2(hand * 0.25, 0.42);
    float fall = ebb(dot(p - lamp, p - lamp) * 2.3), heart = ebb(dot(p, p) * mix(3.6, 2.4, energy));

    // ---- the floor of the pool: stones out of focus ----
    vec2 f = p * mix(1.05, 0.97, energy) + lens * 1.8;
    float s1 = vnoise(f * 4.1 + die.yz * 30.0), s2 = swing(f.x * 2.3 + 0.45 * s1 + die.w) * swing(f.y * 2.7 - f.x + 0.6 * s1 + die.x);
    float stone = smoothstep(-0.7, 0.8, s1 + 0.45 * s2);
    vec3 col = hg * (0.008 + 0.016 * fall);
    col += mix(hg, hk, 0.70) * power * (0.012 + 0.085 * fall) * (0.25 + 0.75 * stone) * (0.45 + 0.9 * net);

    // ---- the photograph, a little below the surface, turning by a few degrees in a minute ----
    float zoom = mix(1.12, 0.92, energy) * (1.0 - 0.020 * (breath - 0.5));
    vec2 cs = turn(0.030 * (die.y - 0.5) + 0.010 * swing(t / 67.0 + die.z));
    vec2 a = (p + lens + vec2(0.015 * swing(t / 41.0 + die.x), 0.02 + 0.012 * swing(t / 29.0))) * zoom;
    a = vec2(cs.y * a.x - cs.x * a.y, cs.x * a.x + cs.y * a.y);
    vec2 size = IMG_SIZE(picture);
    float given = step(1.5, size.x), shape = given > 0.5 ? clamp(size.x / max(size.y, 1.0), 0.62, 1.7) : 1.32;
    vec2 half_ = vec2(sqrt(shape), inversesqrt(shape)) * 0.335;
    float frame = 0.026;
    a += 0.004 * vec2(s2, s1);                                   // paper swells in water
    vec2 out_ = abs(a) - half_;
    float inside = max(out_.x, out_.y), paper = length(max(out_ - frame + 0.010, 0.0)) + min(max(out_.x, out_.y) - frame + 0.010, 0.0) - 0.010;
    float soft = 0.0022 + px * zoom;
    float shadow = ebb(max(paper + 0.012, 0.0) * 22.0);
    col *= 1.0 - 0.60 * shadow;
    // what the water has taken, from the edges and in stains
    float gone = loss * 1.35 * smoothstep(-0.30, 0.02, inside) + 0.75 * loss * (s1 * 0.6 + s2 * 0.35) + 0.10 * swing(t / 53.0 + die.x) * loss;
    float left = 1.0 - smoothstep(0.25, 0.95, gone);
    vec2 m = a / (2.0 * half_.y);
    float light = 0.0;
    // a loop that may not run, where a branch would do: a software renderer skips only those
    int runs = inside < soft ? 1 : 0;
    for (int i = 0; i < runs; i++) light = memory(m, die, px * zoom);
    vec3 seen = mix(mix(hk, hg, 0.55), ht, smoothstep(0.06, 0.34, light)) * light;
    seen = mix(seen, vec3(light), (0.24 + 0.30 * smoothstep(0.35, 0.8, light)) * (1.3 - 0.9 * truth));
    seen = mix(seen, mix(ha, ht, 0.3) * light, 0.85 * truth * truth * smoothstep(0.25, 0.6, light));
    vec2 at = a / (2.0 * half_);
    float cover_x = size.x / max(size.y, 1.0) / shape;            // a long picture is cut, never squeezed
    at *= vec2(min(1.0 / max(cover_x, 1e-3), 1.0), min(cover_x, 1.0));
    vec4 pic = IMG_NORM_PIXEL(picture, clamp(at + 0.5, 0.0, 1.0));
    if (given > 0.5) {
        vec3 true_ = lin(pic.rgb);
        float y = lum(true_), shown = y * 0.56 / (1.0 + 0.5 * y) + 0.012;
        vec3 faded = mix(mix(hk, hg, 0.5), mix(ht, vec3(1.0), 0.25 * y), smoothstep(0.0, 0.35, y)) * shown;
        vec3 kept = true_ * (shown / max(y, 0.02));
        seen = mix(seen, mix(faded, mix(kept, faded, 0.15), truth), pic.a);
    }
    vec2 h2 = a - vec2(0.0, 0.02);
    float glow = (0.20 + 0.75 * ebb(dot(h2, h2) * mix(5.0, 3.2, energy)) + 0.55 * fall) * power;
    vec3 print = seen * glow * (0.66 + 0.34 * net) * left;
    print += mix(hk, ht, 0.5) * (1.0 - left) * glow * 0.034 * (0.8 + 0.4 * s2);
    // its white edge, never white
    float edge = smoothstep(-soft, soft, inside);
    vec3 card = mix(ht, vec3(1.0), 0.42) * glow * (0.215 + 0.030 * s2) * (0.55 + 0.55 * net) * (1.0 - 0.55 * loss * smoothstep(-0.5, 0.9, s1));
    print = mix(print, card, edge);
    print *= 1.0 - 0.40 * ebb(abs(inside) / (0.004 + px)) ;
    col = mix(col, print, (1.0 - smoothstep(-soft, soft, paper)) * (0.97 - 0.25 * loss * (1.0 - left)));
    // the water over it: thin, lit
    col += mix(hk, ht, 0.3) * power * (0.5 * fall + 0.25 * heart) * (net - 0.22) * 0.075 * (0.4 + caustics);

    // ---- on the surface: light of the sky on the slopes ----
    float facing = dot(slope + 0.018 * vec2(n1, n2), vec2(hand * 0.5, 0.85));
    float sheen = smoothstep(0.010, 0.075, facing);
    col += mix(ht, hk, 0.5) * sheen * power * (0.018 + 0.060 * fall) * (0.4 + ripple);
    col *= 1.0 + 0.55 * swell;

    // ---- petals of light ----
    float per = 4.1;
    vec2 g = (p - 0.12 * slope) * per * zoom;
    g += vec2(hand * t * 0.021 + 0.15 * swing(t / 37.0 + p.y * 0.4), 0.5 * swing(t / 47.0 + die.z) + t * 0.007);
    vec2 cell = floor(g);
    vec4 r = cell_dice(cell, 31);
    vec2 d = g - cell - 0.5 - 0.36 * (r.xy - 0.5);
    vec2 w = turn(r.z + 0.05 * swing(t / (19.0 + 11.0 * r.x) + r.y) + 0.02 * n1);
    vec2 o = vec2(w.y * d.x - w.x * d.y, w.x * d.x + w.y * d.y) / (0.50 + 0.75 * r.x * r.x);
    // a petal: round at one end, drawn to a point at the other
    float taper = 0.110 * (1.0 + 1.9 * o.x);
    vec2 u = vec2(o.x / 0.225, o.y / max(taper, 0.012));
    float body = dot(u, u);
    float on = clamp(((0.10 + 0.66 * petals) * 0.80 - 1.0 + r.w) * 30.0, 0.0, 1.0);
    float skin = (1.0 - smoothstep(0.72, 1.06 + 18.0 * px * zoom, body)) * on;
    float vein = 1.0 - 0.28 * clamp(1.0 - 2.0 * abs(u.y), 0.0, 1.0) - 0.10 * swing(u.y * 2.3);
    float near = max(1.0 - dot(d, d) * 6.5, 0.0);
    float live = 0.62 + 0.38 * swing(t / (6.0 + 3.5 * r.y) + r.z);
    float lampy = (0.35 + 0.65 * live) * (0.75 + 0.5 * breath) * power * (0.35 + 0.50 * heart + 0.35 * fall);
    col *= 1.0 - 0.35 * skin;
    col += mix(ht, ha, 0.10 + 0.90 * smoothstep(-0.15, 0.9, -u.x)) * skin * vein * lampy * (0.20 + 0.16 * max(1.0 - body, 0.0));
    col += mix(ha, ht, 0.45) * on * near * near * near * lampy * 0.055;

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}

void main() {
    if (PASSINDEX == 0) wet();
    else picture_of();
}
