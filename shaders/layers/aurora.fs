/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Aurora: folded curtains of light hang above a dark ridge and a lake that gives them back; snow on the near shore, few soft stars.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart, finer"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light runs along the folds"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another hanging of the curtains, another shore"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.03, 0.06, 0.12, 1.0], "LABEL": "Ground: the night"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.3, 0.62, 0.56, 1.0], "LABEL": "Tone: the body of the light"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.36, 0.5, 0.74, 1.0], "LABEL": "Kin: where it climbs"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.9, 0.5, 0.6, 1.0], "LABEL": "Accent: the thin lower hem"},
    {"NAME": "folds", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55, "LABEL": "Folds: how deeply the curtains are folded"},
    {"NAME": "rays", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Rays: how strongly fine rays are drawn"},
    {"NAME": "reach", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Reach: how high the light climbs"},
    {"NAME": "lake", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Lake: how clearly the water gives the light back"}
  ]
}*/

#include "dream.glsl"

// A fold of the curtain seen from above: a slow wave with a quicker, smaller one on it.
float fold(float a) {
    vec2 x = fract(vec2(a, a * 2.19 + 0.21)) * 2.0 - 1.0;
    return dot(x * (abs(x) - 1.0), vec2(3.04, 0.96));
}

// One curtain hung from folds. It is walked in n short pieces; where pieces turn back on
// themselves they overlap and the light gathers. Gives (body, low glow, hem).
vec3 curtain(vec2 s, float per, float depth, float ph, float tall, float soft, int n) {
    vec3 sum = vec3(0.0);
    float k = 1.0 / per;
    float w = swing((s.x * k + ph) * 0.41 + 0.3);                 // slow unevenness of the folds
    float hang = s.y - 0.085 * w;
    depth *= 0.94 + 0.24 * swing((s.x * k + ph) * 0.23 + 0.7);
    float du = depth * 1.9 / float(n), da = du * k;
    float ss = soft * soft * 0.6, is = 0.5 / soft, it = 1.0 / tall, thin = 0.018 + 0.3 * soft;
    float u = -depth * 0.95;                                       // relative to the pixel
    float a = (s.x + u) * k + ph - 0.10 * w;
    float z0 = fold(a);
    float x0 = u - depth * 0.92 * z0;
    for (int i = 0; i < n; i++) {
        u += du;
        a += da;
        float z1 = fold(a);
        float x1 = u - depth * 0.92 * z1;
        float dx = x1 - x0;
        float m = -0.5 * (x0 + x1);
        float e = clamp(0.5 + (0.5 * abs(dx) - abs(m)) * is, 0.0, 1.0);
        float iv = 1.0 / (dx * dx + ss);
        float f = clamp(0.5 + m * dx * iv, 0.0, 1.0);
        float h = hang - 0.070 * mix(z0, z1, f);
        float r = clamp(0.5 + 0.5 * h / (thin + 0.030 * abs(z1 - z0)), 0.0, 1.0);
        h = max(h, 0.0) * it;
        float body = r * r * (3.0 - 2.0 * r) / (1.0 + h * (1.2 + h * (1.2 + 1.8 * h)));
        float low = body * body;
        sum += e * e * (3.0 - 2.0 * e) * sqrt(iv) * vec3(body, low, low * low * low);
        z0 = z1;
        x0 = x1;
    }
    sum *= du;
    return sum / (1.0 + 0.30 * sum.x);
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
    float s5 = fract(s1 * 7.3 + s3 * 3.1), s6 = fract(s2 * 5.7 + s4 * 9.1);
    float power = mix(0.66, 2.05, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.25 * wave);

    // ---- near: a bank of snow with a few stones, on one side ----
    float bx = p.x * hand;
    float rise = smoothstep(-0.25, 0.75, bx + 0.3 * (s3 - 0.5));
    float stones = vnoise1(p.x * 5.3 + s2 * 40.0);
    float stone = smoothstep(0.25, 0.75, stones) * (0.3 + 0.7 * rise);
    float bank = -0.50 + (0.10 + 0.10 * s5) * rise + 0.016 * stones;
    float heap = bank + 0.05 * stone;
    float near = 1.0 - smoothstep(0.0, 0.018 + px, p.y - heap);
    bool ashore = p.y < heap;

    // ---- the lake gives back what stands above its shore; one noise serves snow and ripples ----
    float shore = -0.285 + 0.09 * s1;
    float under = max(shore - p.y, 0.0);
    float wet = smoothstep(0.0, px + 0.002, shore - p.y);
    float dw = under + 0.012, ldw = log(dw), pw = p.x / (dw + 0.06);
    vec2 drift = vec2(p.x * 3.1 + 1.3 * p.y, (p.y - bank) * 14.0);
    float rip = vnoise(ashore ? drift + s3 * 9.0
                              : vec2(pw * 0.55 + s3 * 9.0, ldw * 7.5 + t * 0.10));
    rip *= wet;
    float rip2 = vnoise(ashore ? drift * vec2(5.3, 3.7) + rip
                               : vec2(pw * 1.5 + rip, ldw * 21.0 + t * 0.15 + 5.0));
    rip2 *= wet * fade((ashore ? 52.0 : 21.0 / dw) * px);
    vec2 s = p;
    s.y = mix(p.y, shore + under * 1.45, wet);
    s.x += (rip + 0.6 * rip2) * (0.006 + under * 0.10);
    s.y += (rip + 0.7 * rip2) * under * 0.10;

    // ---- curtains: they lean together towards the height ----
    float zoom = mix(1.06, 0.80, energy);
    vec2 c = vec2((s.x * hand), s.y) * zoom;
    vec2 top = vec2(0.75 * (s2 - 0.5), 1.55);
    c.x = top.x + (c.x - top.x) / (1.0 - 0.42 * clamp((c.y + 0.05) / top.y, -0.25, 0.9));
    float depth = (0.11 + 0.27 * folds) * (1.0 + 0.12 * valence) * (0.80 + 0.45 * s6);
    float tilt = 0.56 * (s5 - 0.5);                                // one end hangs lower

    // rays: three scales, each gone before a pixel could show it badly
    float ru = c.x + 0.03 * swing(t * 0.0111 + c.x * 0.48);
    float r1 = vnoise1(ru * 7.0 + s3 * 40.0 + t * 0.040);
    float r2 = vnoise1(ru * 26.0 - t * 0.055 + r1 * 0.6) * fade(30.0 * px) * (1.0 - 0.6 * wet);
    float r3 = vnoise1(ru * 83.0 + t * 0.070 + r2 * 0.6) * fade(95.0 * px) * (1.0 - wet);
    float r4 = vnoise1(ru * 231.0 + t * 0.060 + r3 * 0.5) * fade(260.0 * px) * (1.0 - wet);
    float ray = clamp(1.0 + rays * (0.50 * r1 + 0.42 * r2 + 0.30 * r3 + 0.20 * r4), 0.12, 2.3);
    float where = 0.5 + 0.5 * vnoise1(c.x * 1.9 + s1 * 20.0 + t * 0.019);
    float gate = 0.22 + 0.78 * smoothstep(0.10, 0.80, where);
    float run = c.x - 0.6 * swing(t * 0.017 + s2);
    gate += 0.25 * wave * ebb(run * run * 14.0);                     // sympathy runs along the folds

    float soft = 0.020 + 1.5 * px + 0.03 * wet;
    float tall = (0.16 + 0.22 * reach) * (0.55 + 0.30 * where + 0.35 * ray);
    vec2 ca = vec2(c.x, c.y - tilt * c.x) - vec2(0.03 * swing(t * 0.0068), -0.09 + 0.15 * (s4 - 0.5));
    vec2 cb = vec2(c.x, c.y + 0.6 * tilt * c.x) * 1.3 - vec2(s3, 0.03 + 0.26 * fract(s3 * 5.0));
    vec3 A = curtain(ca, (0.54 + 0.58 * s6) * (1.0 - 0.10 * arousal), depth, s1 + t * 0.0045, tall,
        soft, 7);
    vec3 B = curtain(cb, 0.40 + 0.2 * s1, depth * 0.55, s2 - t * 0.0031, tall * 0.75, soft * 1.4, 4);

    float up = max(s.y - shore, 0.0);
    vec2 hp = vec2(p.x, s.y - 0.06);
    float heart = ebb(dot(hp, hp) * mix(3.6, 2.2, energy));
    float amp = power * (0.30 + 0.95 * heart);
    float climb = smoothstep(-0.10, 0.42, c.y + 0.08 * r1);
    vec3 col = hg * (0.007 + 0.014 * ebb(3.5 * up));
    col += mix(hg, mix(ht, hk, climb), 0.65) * 0.022 * power * (0.4 + where)
        * ebb((s.y - 0.12) * (s.y - 0.12) * 9.0);

    // stars: few and soft
    vec2 sc = s * 15.0 + s2 * 7.0 + s3 * 5.0;
    vec2 si = floor(sc);
    uint sn = stir(uint(int(si.x) + 512) * 0x8f1bbcdbu ^ uint(int(si.y) + 512) * 0xca62c1d7u);
    vec4 sm = vec4(ivec4(sn & 255u, (sn >> 8) & 255u, (sn >> 16) & 255u, sn >> 24)) * 0.0039216;
    vec2 so = sc - si - 0.25 - 0.5 * sm.xy;
    float sr = 15.0 * (0.0010 + 0.6 * px), big = 1.0 / (sr * sr);
    float glint = max(1.0 - 0.3 * dot(so, so) * big, 0.0);
    float star = sm.z < 0.26 ? glint * glint * glint * 0.00040 * big : 0.0;
    star *= (0.12 + 0.88 * sm.w * sm.w) * (0.8 + 0.2 * swing(t * 0.08 + sm.x * 3.0));
    col += mix(hk, vec3(1.0), 0.5) * star * 0.55 * smoothstep(0.05, 0.3, up) * (1.0 - 0.8 * wet);

    col += mix(hk, ht, 0.35) * B.x * (0.55 + 0.45 * ray) * (1.1 - 0.7 * gate) * amp * 0.16;
    col += mix(ht, hk, climb) * A.x * ray * gate * amp * 0.28;
    vec3 lower = mix(ht, ha, 0.9 * smoothstep(0.28, 0.92, A.z / (A.y + 0.03)));
    col += lower * A.y * ray * gate * amp * 0.43;

    // ---- far ridge ----
    float g1 = vnoise1(p.x * 2.1 + s2 * 30.0 + s1 * 17.0);
    float g3 = vnoise1(p.x * 21.0 + s1 * 60.0) * fade(21.0 * px);
    float ridge = shore + 0.050 + 0.045 * g1 + 0.022 * stones + 0.006 * g3;
    float edge = px + 0.0025 + 0.01 * wet;
    float mount = smoothstep(-edge, edge, ridge - s.y);
    float foot = ebb(up * 22.0);
    vec3 slope = hg * 0.0065 + mix(hg, ht, 0.5) * foot * 0.016 * power;
    col = mix(col, slope, mount * 0.985);

    // ---- water ----
    float deepen = mix(0.25, 0.85, lake) / (1.0 + under) * (1.0 + 0.25 * rip);
    col = mix(col, hg * 0.006 + col * deepen, wet);
    // mist lies on it, drifting
    float patchy = swing(p.x * 0.61 - t * 0.0043 + s3) * swing(p.x * 0.37 + t * 0.0031 + s1);
    float mist = ebb(abs(p.y - shore + 0.012) * 34.0) * (0.5 + 0.5 * patchy);
    col += mix(hg, ht, 0.45) * mist * 0.030 * power;

    // ---- the bank: snow takes the light of the sky, stones keep some on their backs ----
    float deep = max(heap - p.y, 0.0);
    float snow = 0.62 + 0.42 * rip + 0.22 * rip2 + 0.45 * ebb(deep * 36.0);
    float bare = clamp(deep * 30.0 - 0.25 - 0.3 * rip2, 0.0, 1.0) * clamp(stone * 4.0 - 0.4, 0.0, 1.0);
    bare *= clamp((p.y - bank) * 25.0 + 0.8, 0.0, 1.0);
    vec3 shine = mix(hg, mix(hk, ht, 0.5), 0.7) * max(snow, 0.0) * power
        * (0.022 + 0.050 * gate * ebb(1.2 * abs(p.x)));
    col = mix(col, hg * 0.0045 + shine * (1.0 - 0.88 * bare), near);

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
