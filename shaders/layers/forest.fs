/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Forest: the edge of a wood at dusk; trunks and crowns one behind another in mist, a low light far behind them, fireflies over the meadow.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart, finer"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, fireflies wake and the haze lights up"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another wood, another way into it"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.035, 0.06, 0.075, 1.0], "LABEL": "Ground: the dark of the wood"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.50, 0.62, 0.50, 1.0], "LABEL": "Tone: the light behind the trees"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.36, 0.52, 0.60, 1.0], "LABEL": "Kin: distance and mist"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.96, 0.72, 0.38, 1.0], "LABEL": "Accent: fireflies, and the lowest light"},
    {"NAME": "wood", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Wood: how densely the trees stand"},
    {"NAME": "leaves", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55, "LABEL": "Leaves: from bare branches to full crowns"},
    {"NAME": "mist", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Mist: how much of it lies between the trees"},
    {"NAME": "fireflies", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Fireflies: how many are awake"},
    {"NAME": "grass", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55, "LABEL": "Grass: how high it stands before the eye"}
  ]
}*/

#include "dream.glsl"

// One plane of the wood, a tree to a cell; q in heights from the ground it stands on.
// Gives how far we are inside a trunk or branch (in heights), and how deep in a crown (< 0
// outside). A crown may reach into the next cell, so the nearer neighbour is asked for its own.
// habit: how high up its stem the crown sits, and how flat it is.
vec2 trees(vec2 q, float pitch, float thick, float tall, float open, vec2 habit,
           int reach, int k) {
    float per = 1.0 / pitch, x = q.x * per, root = thick * thick;
    x += 0.24 * swing(x * 0.31 + float(k) * 0.37);                   // no even spacing
    float home = floor(x), side = x - home < 0.5 ? -1.0 : 1.0;
    float h = max(q.y, 0.0), limb = -1.0, crown = -9.0;
    for (int i = 0; i < reach; i++) {
        float cell = home + side * float(i);
        vec4 r = cell_dice(vec2(cell, 0.0), k), v = fract(r * 37.0);
        float in_cell = x - cell - 0.5;
        float grown = clamp((0.60 + 0.65 * wood - r.w) * 4.0, 0.0, 1.0);
        grown *= clamp(abs((cell + 0.5) * pitch - open) * (6.0 - 2.0 * valence), 0.0, 1.0);
        float full = tall * (0.66 + 0.60 * r.z) * (0.5 + 0.5 * grown);
        float along = h / full;
        float a = (in_cell - 0.42 * (r.x - 0.5)) * pitch - along * (r.y - 0.5) * 0.62 * pitch;
        a -= 0.13 * pitch * swing(along * (0.4 + 0.5 * v.x) + v.y) * min(2.0 * along, 1.0);
        vec2 e = vec2(a * (1.45 + r.z) * per, (along - habit.x) * (habit.y - 0.6 * v.w));
        float ee = dot(e, e), own = 2.7 * grown - 1.7 - ee * (0.70 + 0.45 * ee);
        crown = max(crown, own - 9.0 * max(abs(in_cell) - 0.70, 0.0));
        if (i == 0) {
            // the trunk forks twice, unevenly
            float o1 = max(along - 0.30 - 0.25 * v.z, 0.0) * full;
            float o2 = max(along - 0.50 - 0.18 * v.w, 0.0) * full;
            float b = abs(a + (v.x - 0.5) * 0.5 * o1) - (0.40 - 0.5 * o1 / tall) * o1 * (0.5 + v.y);
            b = abs(b - 0.10 * o2) - (0.20 + 0.3 * v.x) * o2;
            float w = thick * (0.45 + 1.25 * r.z * r.z) * (1.0
                + 1.1 * root / (root + h * h * 0.12));
            w *= max(1.0 - along, 0.0) * (1.0 - 0.45 * min(o1 * 8.0 / tall, 1.0)) * grown;
            // boughs end in their leaves; a few stand bare
            w *= clamp(1.6 + 2.5 * v.w - e.x * e.x - max(e.y, 0.0), 0.0, 1.0);
            w *= clamp((0.5 - abs(in_cell)) * 8.0, 0.0, 1.0);
            limb = w - abs(b) - 0.05 * clamp(1.0 - w * 800.0, 0.0, 1.0);
        }
    }
    return vec2(limb, crown);
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
    // kinds of wood: old and wide or young and close, crowns high and flat or low and full
    float s5 = fract(s1 * 7.3 + s3 * 3.1), s6 = fract(s2 * 5.7 + s4 * 9.1), size = 0.78 + 0.5 * s5;
    vec2 habit = vec2(0.66 + 0.14 * s6, 2.9 + 1.5 * s6);
    float power = mix(0.66, 2.0, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.30 * wave);
    float zoom = mix(1.14, 0.86, energy);

    // ---- the low light, and how it fills the air ----
    float foot = -0.14 - 0.11 * s3;                                  // where the far trees stand
    vec2 lp = vec2((s2 - 0.5) * 0.40, foot + 0.03 + 0.05 * s1);
    vec2 d = (p - lp) * zoom;
    float up = (p.y - foot) * zoom;
    vec2 lens = d * vec2(0.78, 1.20);
    float rr = dot(lens, lens);
    float near_light = 1.0 / (1.0 + 92.0 * rr), wide_light = 1.0 / (1.0 + 9.0 * rr);
    float glow = power * (0.74 * near_light * near_light + 0.30 * near_light + 0.20 * wide_light);
    vec3 air = mix(hk, ht, clamp(1.2 * near_light + 0.35 * wide_light, 0.0, 1.0));
    vec3 haze = mix(hk, ht, 0.5 * wide_light);
    float wind = swing(t * 0.027 + p.x * 0.3 + s1) + 0.6 * swing(t * 0.0413 - p.x * 0.7 + s2);

    // ---- noise: above the brink it makes leaves, below it turf and grass ----
    float brink = up + 0.052 + 0.005 * vnoise1(p.x * 3.7 + s3 * 20.0);
    brink += 0.0035 * vnoise1(p.x * 89.0) * fade(89.0 * px);
    bool below = brink < 0.0;
    float b = max(-brink, 0.0) + 0.004;
    vec2 c = vec2(d.x * hand + 0.006 * wind * smoothstep(0.0, 0.6, up), up);
    float stroll = 0.05 * swing(t * 0.0061 + s1) * hand;             // we shift our weight: parallax
    vec2 q2 = c + vec2(stroll + 7.4 + s2 * 9.0, 0.067 + 0.010 * swing(c.x * 0.9 + s3));
    vec2 q1 = c + vec2(stroll * 0.4 + 3.7 + s2 * 5.0, 0.026 + 0.010 * swing(c.x * 0.7 + s1));
    vec2 q0 = c + vec2(stroll * 0.15 + s2 * 7.0, 0.012);

    float g = p.y + 0.5, bx = p.x * hand;
    float clump = vnoise1(below ? bx * 2.1 + s3 * 50.0
                                : 2.6 * d.x / (sqrt(rr) + 0.06) + s2 * 30.0 + t * 0.011);
    float shaft = 0.8 + 0.35 * clump;
    float high = (0.06 + 0.30 * grass) * (0.74 + 0.26 * clump) * (1.0 - 0.45 * ebb(5.0 * d.x * d.x));
    high = min(high, 1.05 * (foot + 0.43));                          // never over the brink
    float h = min(g / high, 2.0), hh = h * h;
    float arch = (0.02 * clump + 0.010 * wind) * hh;
    vec2 w = vec2(d.x / (b + 0.07), log(b + 0.05) * 3.0);

    vec2 l2 = q2 * 6.0, l1 = q1 * 11.0, l0 = q0 * 26.0;
    float n2 = vnoise(below ? vec2(w.x * 1.6 + 0.3 * w.y, w.y * 1.7) : l2);
    float m2 = vnoise(below ? vec2(w.x * 7.0 + 0.6 * n2, w.y * 3.7)
                            : vec2(2.8 * l2.x + 1.6 * l2.y, 2.8 * l2.y - 1.6 * l2.x) + n2 * 0.7);
    float n1 = vnoise(below ? vec2(d.x / (b + 0.11) * 1.3 + s1 * 30.0, 0.3 * swing(t * 0.0061)) : l1);
    float m1 = vnoise(below ? vec2((bx + arch - 0.022 * hh) * 29.0 + s1 * 30.0, 3.3)
                            : vec2(2.8 * l1.x + 1.6 * l1.y, 2.8 * l1.y - 1.6 * l1.x) + n1 * 0.7);
    float m0 = vnoise(below ? vec2((bx + arch + 0.012 * hh) * 43.0 + s2 * 30.0, 7.7) : l0);
    float fine = vnoise(below ? vec2((bx + 1.5 * arch + 0.035 * hh) * 61.0 + s3 * 30.0, 1.7)
                              : c * 61.0 + s1 * 40.0);
    fine *= fade(61.0 * px);
    float roll = vnoise(vec2(p.x * 2.3 - t * 0.017 + s2 * 20.0, p.y * 7.0 + t * 0.006));
    float fog = ebb(abs(up + 0.015) * mix(19.0, 8.0, mist)) * (0.60 + 0.40 * roll) * (0.3 + 1.4 * mist);

    // ---- dusk between the trees ----
    vec3 col = hg * 0.012 + hk * 0.010 * ebb(max(up, 0.0) * 2.5) + air * glow * (0.37 + 0.07 * roll);
    col += mix(ht, ha, 0.6) * power * ebb(rr * 55.0) * 0.20;
    vec3 shade = hg * 0.006, veil = air * glow;

    // ---- the wood, from far to near ----
    float dust = vnoise(below ? vec2(p.x + 0.25 * p.y, 0.40 * p.y - 0.15 * p.x) * 150.0 + 0.5 * m2
                              : vec2(c.x + c.y, c.y - c.x) * 131.0 + fine);
    dust *= fade(185.0 * px);
    float twig = 0.50 * fine + 0.34 * dust;
    float lush = 1.5 * (leaves - 0.5) - 0.40 + 0.4 * s5, ws = px * 1.3 + 0.0014;
    float damp = 0.4 + 1.2 * mist;
    float k2 = 0.55 * fade(20.0 * px), k1 = fade(34.0 * px);  // small tiles: no leaves

    // far: thin stems under one roof
    vec2 tr = trees(q0, 0.085, 0.0044, 0.52, -9.0, habit, 1, 0);
    float roof = (q0.y - 0.27 + 0.06 * n1) * (q0.y < 0.27 ? 8.0 : 6.0);
    float crown = 1.2 * wood - 0.17 - roof * roof + 0.75 * n1 + 0.70 * k1 * m0 + 0.42 * twig + lush;
    float leaf = smoothstep(-0.14 - 36.0 * px, 0.24 + 36.0 * px, crown);
    float bush = smoothstep(-0.02, 0.02, 0.018 + 0.017 * n1 - q0.y);
    float m = max(max(smoothstep(-ws, ws, tr.x), leaf * 0.85), bush);
    col = mix(col, shade + mix(hg, hk, 0.7) * 0.017 + veil * 0.155 * damp, m);
    col += haze * fog * (0.009 + 0.105 * glow) + veil * shaft * 0.026;

    // middle
    tr = trees(q1, 0.19 * size, 0.0095 * size, 0.62, -9.0, habit, 2, 1);
    crown = tr.y + 0.72 * n1 + 0.55 * k1 * m1 + 0.42 * twig + lush;
    leaf = smoothstep(-0.14 - 20.0 * px, 0.20 + 20.0 * px, crown);
    bush = smoothstep(-0.02, 0.02, 0.022 + 0.026 * n1 - q1.y);
    m = max(max(smoothstep(-ws, ws, tr.x + 0.001 * twig), leaf * 0.93), bush);
    float thin = leaf * clamp(1.0 - 1.5 * crown, 0.0, 1.0);              // leaves that let light through
    col = mix(col, shade + mix(hg, hk, 0.7) * 0.006 + veil * (0.055 * damp + 0.075 * thin), m);
    col += haze * fog * (0.004 + 0.055 * glow) + veil * shaft * 0.016;

    // near
    tr = trees(q2, 0.40 * size, 0.022 * size, 1.04, 7.4 + s2 * 9.0, habit, 2, 2);
    crown = tr.y + 0.72 * n2 + k2 * m2 + 0.42 * twig + lush;
    leaf = smoothstep(-0.14 - 14.0 * px, 0.22 + 14.0 * px, crown);
    bush = smoothstep(-0.02, 0.02, 0.024 + 0.030 * n2 - q2.y);
    m = max(max(smoothstep(-ws, ws, tr.x + 0.0015 * twig), leaf * 0.98), bush);
    thin = leaf * clamp(1.0 - 1.5 * crown, 0.0, 1.0);
    col = mix(col, shade + veil * (0.012 * damp + 0.05 * thin), m);

    // ---- meadow: the light comes out onto it, between long soft shadows ----
    float turf = n2 * 0.5 + (m2 * 0.28 + dust * 0.6) * fade(9.0 * px / (b + 0.07)) * min(b * 9.0, 1.0);
    float spill = glow * ebb(b * 4.0) * (0.75 + 0.55 * n1) * (0.75 + 0.45 * turf);
    vec3 field = hg * 0.007 + mix(hg, hk, 0.6) * 0.006 * (1.0 + turf) + air * spill * 0.15;
    col = mix(col, field, 1.0 - smoothstep(-0.005 - px, 0.005 + px, brink));
    float lying = ebb(abs(brink + 0.01) * mix(26.0, 11.0, mist))
        * (0.55 + 0.55 * roll) * (0.10 + 1.3 * mist);
    col += haze * lying * (0.004 + 0.060 * glow);

    // ---- near: grass, out of focus ----
    float rise = h - 0.30 * hh + max(h - 0.9, 0.0) * 1.3;             // blades narrow slowly, then end
    float blade = max(m1 - 1.25 * rise + 0.22, m0 - 1.05 * rise + 0.15);
    blade = max(blade, fine - 1.4 * rise + 0.25);
    m = max(smoothstep(-0.20, 0.45, blade) * 0.95, 1.0 - smoothstep(-0.10, 0.40, h + 0.2 * clump));
    m *= below ? 1.0 : 0.0;
    col = mix(col, hg * 0.004 + veil * 0.05 * (1.0 - m), m);

    // ---- fireflies, at the brink of the wood ----
    vec2 f = vec2(p.x * 6.7, up * 9.0 + 0.4 * swing(p.x * 0.7 + s2)) + s1 * 9.0;
    vec2 cell = floor(f);
    vec4 r = cell_dice(cell, 11), v = fract(r * 53.0);
    vec2 roam = vec2(swing(t * (0.013 + 0.012 * r.z) + v.x) + 0.5 * swing(t * 0.041 + v.z),
        swing(t * (0.017 + 0.010 * r.w) + v.y));
    vec2 o = (f - cell - 0.5 - 0.24 * (r.xy - 0.5) - 0.13 * roam) * vec2(0.15, 0.11);
    float awake = smoothstep(r.z - 0.05, r.z + 0.1, 0.9 * fireflies * (1.0 + 0.5 * wave));
    float lit = max(swing(t * (0.055 + 0.05 * v.w) + r.w), 0.0);
    lit = mix(lit * lit, 1.0, 0.4 * wave);
    lit *= 1.0 - smoothstep(0.10, 0.21, abs((cell.y + 0.5 - s1 * 9.0) / 9.0 + 0.03));
    float dd = dot(o, o), rad = 0.0018 + 0.8 * px, far = max(1.0 - dd * 900.0, 0.0);
    float fly = 0.0000090 / (rad * rad) * ebb(dd / (rad * rad)) + 0.045 * far * far * ebb(dd * 3000.0);
    col += mix(ha, vec3(1.0), 0.25 * far) * fly * awake * lit * (0.5 + 0.7 * energy)
        * (1.0 - 0.8 * (below ? m : 0.0));

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
