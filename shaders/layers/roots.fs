/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Roots: from a collar under the ground thick roots part and part again into hair, lit from within by slow pulses; threads of mycelium and pebbles in dark earth, one root near and soft.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Earth", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, finer, brighter at the collar"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs, the roots swell"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light runs to the tips"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: spreads and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: winds tighter and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another plant, another ground"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.10, 0.07, 0.06, 1.0], "LABEL": "Ground: the earth"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.78, 0.60, 0.40, 1.0], "LABEL": "Tone: light in the roots"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.62, 0.62, 0.44, 1.0], "LABEL": "Kin: dusk from above, the sides of the roots"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.46, 0.72, 0.72, 1.0], "LABEL": "Accent: glimmer of the threads"},
    {"NAME": "sap", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Sap: pulses of light along the roots"},
    {"NAME": "hair", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Hair: how far the roots branch out"},
    {"NAME": "wander", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Wander: how crooked they grow"},
    {"NAME": "threads", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Threads: mycelium between the roots"},
    {"NAME": "stones", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Stones: pebbles in the earth"}
  ]
}*/

#include "dream.glsl"

// four coarse numbers 0..1 of a fork, one stir only
vec4 fork_dice(uint id) {
    uint n = stir(id * 0x8f1bbcdbu + uint(seed * 65535.0) * 0x2545f491u);
    n ^= n >> 14;
    return vec4(ivec4(n & 255u, (n >> 8) & 255u, (n >> 16) & 255u, n >> 24)) / 255.0;
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
    float power = mix(0.75, 2.75, energy) * (0.92 + 0.16 * breath) * (1.0 + 0.3 * wave);
    float zoom = mix(1.12, 0.84, energy), pq = px * zoom;
    vec2 sway = vec2(swing(t * 0.0061 + s1), swing(t * 0.0043 + s2));

    // ---- the earth's own crookedness bends everything that grows in it ----
    vec2 collar = vec2(hand * (0.06 + 0.10 * s2), 0.27 + 0.05 * s3);
    vec2 q = (p - collar) * zoom + sway * 0.006;
    vec2 e = q * 3.1 + s1 * 40.0;
    float v1 = vnoise(e + vec2(0.0, t * 0.006));
    float v2 = vnoise(e * 1.13 + vec2(17.0 - t * 0.006, 5.0));
    vec2 e3 = vec2(0.8 * q.x - 0.6 * q.y, 0.6 * q.x + 0.8 * q.y) * 9.5 + vec2(v1, v2) * 0.5;
    float v3 = vnoise(e3 + s2 * 20.0);
    float far = length(q);
    float loose = smoothstep(0.0, 0.30, far) * (0.3 + 1.4 * wander) * (1.0 + 0.3 * arousal);
    vec2 g = q + loose * (vec2(v1, v2) * 0.058 + vec2(v3, -v3) * 0.013);

    // ---- a tree in polar form: at every fork go on with the nearer child ----
    float rho = length(g) + 1e-4;
    float spread = 1.0 + 0.14 * valence - 0.08 * arousal, bend = 1.0 + 0.75 * rho;
    float th = atan(g.x + hand * (0.16 * s4 - 0.04) * rho, -g.y) * bend / spread;
    float wide = rho * spread / bend;                         // an angle's width at this distance
    float lo = -1.75, hi = 1.75, path = 0.0, aim = 0.0, lean = 0.0;
    uint id = 1u;
    float rad = 0.060 * (0.95 + 0.10 * breath), end = 1.5, gap = 1.0, cap = 1.0, cleft = 0.0;
    float soft = 1.0 * pq + 0.0004, crease = 1.0 / (0.005 + 1.9 * soft);
    for (int i = 0; i < 7; i++) {
        float fi = float(i);
        vec4 d = fork_dice(id);
        float from = (0.010 + 0.027 * fi + 0.0105 * fi * fi) * (0.70 + 0.6 * d.y);
        if (rho < from || rho > end) break;
        float cut = mix(0.25, 0.75, d.x), m = mix(lo, hi, cut);
        float a = mix(lo, m, 0.34 + 0.32 * d.w) - aim, b = mix(m, hi, 0.34 + 0.32 * d.z) - aim;
        // never sideways faster than outward
        float span = 0.045 + 0.03 * d.z + 0.008 * fi + 1.1 * max(abs(a), abs(b)) * from;
        float k = clamp((rho - from) / span, 0.0, 1.0), ease = k * k * (3.0 - 2.0 * k);
        float split = th - path - 0.5 * (a + b) * ease;
        bool right = split > 0.0;
        float off = abs(split) * wide, apart = 0.5 * (b - a) * ease * wide;
        gap = min(gap, off + 0.12 * (1.0 - ease));
        // where siblings touch both are as thick as the thinner, and a soft crease lies between
        cap = min(cap, rad * mix(1.0, 0.28 + 0.76 * min(cut, 1.0 - cut), ease) + 1.5 * off);
        cleft = max(cleft, min(60.0 * apart, 1.0) * (1.0 - off * crease));
        float turned = right ? b : a, share = right ? 1.0 - cut : cut;
        path += turned * ease;
        m = aim + 0.5 * (a + b);                                 // the true border of the two
        lean += turned * 6.0 * k * (1.0 - k) / span;
        aim += turned;
        lo = right ? m : lo;
        hi = right ? hi : m;
        rad *= mix(1.0, 0.28 + 0.76 * share, ease);
        // the smaller child ends sooner, and eases into it: siblings are one where they part
        float last = from + (0.10 + 0.8 * share * share + 0.3 * d.y) * (0.55 + 0.9 * hair);
        end = share < 0.5 && i > 1 ? mix(end, min(end, last), ease) : end;
        id = id * 2u + (right ? 1u : 0u);
    }
    float tilt = lean * wide, side = (th - path) * wide * inversesqrt(1.0 + tilt * tilt);
    float taper = clamp((end - rho) / (0.5 * end), 0.0, 1.0);
    float body = min(rad, cap) * (0.30 + 0.70 * ebb(rho * 2.2)) * (1.0 + 0.12 * v3);
    body *= (0.4 + 0.6 * taper) * sqrt(taper);
    body = min(body, 0.85 * (abs(side) + gap));                // stay within one's own ground
    // never thinner than a pixel and a half: what is finer loses light instead
    float thick = max(body, 0.75 * soft);
    float root = clamp((thick - abs(side)) / (1.9 * soft) + 0.5, 0.0, 1.0);
    root *= root * (3.0 - 2.0 * root) * min(1.0, body / (0.75 * soft));

    // hairs leave the sides and lean the way the root grows
    float run = (rho + 0.006 * v3) / 0.015 + float(id) * 0.37, hc = floor(run), reach = abs(side) - body;
    vec4 hd = fork_dice(id * 977u + uint(int(hc)) * 2u + (side > 0.0 ? 1u : 0u));
    float hl = (0.006 + 0.040 * hd.x * hd.x) * step(0.45, hd.y) * (0.3 + 1.4 * hair) * taper;
    float hx = (run - hc - 0.2 - 0.6 * hd.z) * 0.015;
    hx -= (0.2 + 0.7 * hd.z + 9.0 * (hd.w - 0.5) * reach) * reach;
    float hw = 0.0007 * clamp(1.0 - reach / max(hl, 1e-4), 0.0, 1.0);
    float hairs = clamp((hw - abs(hx)) / (2.4 * soft) + 0.5, 0.0, 1.0) * min(1.0, 2.0 * hw / soft);
    hairs *= fade(pq * 150.0) * smoothstep(0.10, 0.4, taper);
    hairs *= step(0.0, reach) * smoothstep(0.06, 0.16, rho);

    // the stem goes on above the collar
    float girth = 0.030 + 0.05 * ebb(max(q.y + 0.035, 0.0) * 22.0) + 0.005 * v3 + 0.003 * v2;
    float stem = (q.x + (0.10 * v1 + 0.3 * hand * (s1 - 0.5)) * q.y) / girth;
    float trunk = 1.0 - smoothstep(1.0 - 1.5 * soft / girth, 1.0 + 1.5 * soft / girth, abs(stem));
    trunk *= smoothstep(-0.05, 0.03, q.y);

    // ---- light ----
    vec2 across = vec2(-q.y, q.x) / (length(q) + 1e-4);
    float u = clamp(side / (thick + 0.5 * soft), -1.0, 1.0) * body / (body + 0.6 * soft);
    u = mix(u, clamp(stem, -1.0, 1.0), trunk);
    across = mix(across, vec2(-1.0, 0.0), trunk);
    float up = sqrt(max(1.0 - u * u, 0.0));
    float lam = max(dot(vec3(across * u, up), vec3(-0.50 * hand, 0.78, 0.37)), 0.0);
    float heart = ebb(rho * 3.4);
    float branch = path * (1.0 - trunk) * min(rho * 7.0, 1.0);  // at the collar all share one pulse
    float x = fract(rho * 1.25 - t * 0.031 + 0.30 * branch) - 0.5;
    float pulse = ebb(x * x * 110.0);
    x = fract(rho * 0.75 - t * 0.0173 - 0.45 * branch + s3) - 0.5;
    pulse += 0.6 * ebb(x * x * 150.0);
    pulse *= (0.25 + 1.5 * sap) * (0.75 + 0.5 * breath) * (0.45 + 0.55 * sqrt(heart));
    pulse *= 1.0 + wave * (1.2 + 2.0 * min(rho * 1.6, 1.0));   // the wave carries it to the tips
    // one fine noise: fibres on a root, crumbs in the earth
    float flesh = max(root, trunk);
    vec2 fibre = vec2(side * 110.0 + path * 9.0, rho * 26.0);
    fibre = trunk > 0.5 ? vec2(stem * 4.0, q.y * 11.0) : fibre;
    float f4 = flesh > 0.3 ? fade(pq * 110.0) : fade(pq * 26.0);
    float v4 = vnoise(flesh > 0.3 ? fibre + v3 * 0.7 : e3 * 2.7 + vec2(v2, v3) * 0.6) * f4;
    v4 *= min(1.0, 5.0 * min(abs(flesh - 0.3), abs(trunk - 0.5)));  // one pattern gives way unseen
    int close = pq < 0.0012 ? 1 : 0;                          // crumbs only a large picture can show
    for (int i = 0; i < close; i++)
        v4 += 0.5 * vnoise(flesh > 0.3 ? fibre * 3.1 : e3 * 11.0 + v4) * fade(pq * 500.0);
    float grain = 0.34 * v4 + 0.22 * v3;

    // ---- earth: dusk seeps in from above, the roots light what is around them ----
    float high = smoothstep(-0.5, 0.55, p.y + 0.06 * v1);
    vec3 col = mix(hg, hk, 0.25 * high) * (0.0095 + 0.025 * high * high);
    col *= 1.0 + 0.25 * v1 + 0.35 * v3 + 0.45 * v4;
    float halo = ebb(max(reach, 0.0) * 62.0) * min(1.0, body * 90.0) * smoothstep(0.0, 0.3, taper);
    halo *= smoothstep(0.0, 0.8, gap / (max(reach, 0.0) + 0.004 + 2.4 * pq));
    float near = ebb(length(q + vec2(0.0, 0.05)) * 4.6);
    float lit = (0.118 * near + 0.028) * near + halo * (0.028 * heart + 0.105 * pulse);
    col += mix(hk, ht, 0.2 + 0.8 * near) * power * lit * (1.0 + 1.4 * grain);

    // pebbles, far, of any size, mostly none
    vec2 st = (q + sway * 0.010 + vec2(v3, -v3) * 0.010) * mat2(8.0, 2.6, -2.6, 8.0) + 9.0 * s2;
    vec2 sc = floor(st);
    vec4 d = fork_dice(uint(int(sc.x) + 512) * 1024u + uint(int(sc.y) + 512));
    st -= sc + 0.5 + (d.xy - 0.5) * 0.56;
    float r = (0.05 + 0.17 * d.z * d.z) * smoothstep(0.0, 0.4, stones * 1.5 - d.w);
    st = vec2(st.x * (1.0 + 0.5 * (d.w - 0.5)) + st.y * (d.x - 0.5), st.y * 1.3) / max(r, 0.02);
    float l = length(st) + 0.10 * v4, blur = (0.0035 + pq) * 8.5 / max(r, 0.02);
    float peb = (1.0 - smoothstep(1.0 - blur, 1.0 + blur, l)) * smoothstep(0.02, 0.05, r);
    float shine = 0.25 + 0.75 * clamp(0.60 * st.y - 0.35 * hand * st.x + 0.45, 0.0, 1.0);
    shine *= shine * (0.008 + 0.09 * near * power + 0.022 * high) * (1.0 + grain);
    col = mix(col, mix(hg, hk, 0.3) * shine, peb * 0.85);

    // threads: filaments that leave with the roots and others that cross them, here and there
    float w1 = th * 4.0 + 0.8 * v2 + 0.18 * v3, w2 = th * 2.1 - rho * 11.0 - 0.8 * v1 + 0.18 * v3;
    float k1 = 4.0 / wide + 4.0, k2 = 2.1 / wide + 13.0, fine = 0.0005 + 1.0 * pq;
    float f1 = abs(fract(w1) - 0.5) / k1, f2 = abs(fract(w2) - 0.5) / k2;
    float net = (1.0 - smoothstep(0.0, fine * 1.6, f1)) * smoothstep(-0.15, 0.4, v1 + 0.5 * v3);
    net += (1.0 - smoothstep(0.0, fine * 1.6, f2)) * smoothstep(-0.15, 0.4, v2 - 0.5 * v3);
    net *= 0.0010 / fine * smoothstep(0.10, 0.30, rho);
    float glim = 0.25 + 0.75 * ebb(9.0 * abs(fract(rho * 1.1 + v1 * 0.5 - t * 0.023) - 0.5));
    col += mix(ha, hk, 0.30) * net * threads * glim * (0.09 + 0.12 * wave) * power;

    // ---- the roots ----
    vec3 skin = hg * 0.005 + mix(hg, hk, 0.75) * lam * (0.012 + 0.060 * high * high);
    lam *= 1.0 - 0.6 * trunk * smoothstep(0.0, 0.2, q.y);
    skin += mix(hk, ht, 0.5) * power * (0.016 + 0.25 * heart) * lam;
    skin += ht * power * (0.017 + 0.39 * pulse) * (0.20 + 0.80 * up * up) * mix(0.4, 1.0, heart);
    skin *= (1.0 + 1.5 * grain) * (1.0 - 0.8 * cleft * (1.0 - trunk));
    col = mix(col, skin, flesh);
    col += mix(hk, ht, 0.4) * power * (0.012 + 0.06 * heart + 0.10 * pulse) * hairs * (1.0 - flesh);

    // ---- near: one root crossing a corner, out of focus ----
    vec2 nq = vec2(p.x * hand, p.y) + sway * 0.022;
    float line = nq.y + 0.40 + 0.12 * s3 + (0.62 + 0.5 * s1) * (nq.x + 0.10) + 0.05 * v1 + 0.02 * v2;
    float fat = 0.085 - 0.05 * nq.x, nu = line / max(fat, 0.02);
    float dusk = 1.0 - smoothstep(0.1, 1.7, abs(nu));
    vec3 bark = hg * 0.0035 + mix(hk, ht, 0.4) * 0.022 * smoothstep(-0.2, 1.1, nu) * (0.3 + power * 0.7);
    col = mix(col, bark, dusk * 0.90);

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
