/*{
  "ISFVSN": "2",
  "DESCRIPTION": "A slow eye: one large calm eye, half closed, its iris lit from the side; skin like dunes at night around it, a strand of hair near and soft. It closes very slowly, and opens again.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter in the iris, finer fibres"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: the lid rises a little"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, a ring of light in the iris"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: narrows the pupil, saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another eye, gaze and side of light"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.09, 0.07, 0.08, 1.0], "LABEL": "Ground: the dark"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.42, 0.60, 0.58, 1.0], "LABEL": "Tone: the iris"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.62, 0.50, 0.44, 1.0], "LABEL": "Kin: light on the skin"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.95, 0.74, 0.45, 1.0], "LABEL": "Accent: round the pupil, the catchlight"},
    {"NAME": "lid", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Lid: how far the eye is open"},
    {"NAME": "pupil", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Pupil: how wide"},
    {"NAME": "lashes", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Lashes: how long and dense"},
    {"NAME": "hair", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Hair: the strand near the eye"},
    {"NAME": "sleep", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Sleep: how long it stays closed"}
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
    vec4 alt = fract(die.wxyz * 5.7);                                 // four more, for the shape
    float hand = s4 < 0.5 ? -1.0 : 1.0;                               // which eye of the two
    float sun = fract(s4 * 7.3) < 0.6 ? 1.0 : -1.0;         // light from the temple or the nose
    float power = mix(0.62, 1.50, energy) * (0.94 + 0.12 * breath) * (1.0 + 0.2 * wave);

    // ---- the lid: breath and mood, and now and then a very slow closing ----
    float slot = t / 62.0 + s1;
    float cell = floor(slot);
    float when = 0.30 + 0.40 * cell_dice(vec2(cell, 5.0), 3).x;
    float since = (slot - cell - when) * 62.0;
    float hold = 0.5 + 3.0 * sleep;
    float shut = smoothstep(-6.0, 0.0, since) * (1.0 - smoothstep(hold, hold + 8.0, since));
    float o = 0.64 + 0.34 * (lid - 0.5) + 0.12 * (breath - 0.5) + 0.18 * valence + 0.04 * arousal
            + 0.03 * swing(t * 0.017 + s2) + 0.08 * (s3 - 0.5);
    o = clamp(o, 0.36, 0.94) * (1.0 - shut);

    // ---- the eye's own frame: tilted, off centre, the far corner foreshortened ----
    float size = mix(0.350, 0.465, energy) * (0.94 + 0.14 * s2);
    vec2 c = p - vec2(hand * (0.07 * alt.z - 0.02), -0.045 + 0.07 * s1) - 0.006 * turn(t * 0.0119 + s1);
    vec2 cs = turn(hand * (0.048 * alt.w - 0.034));
    vec2 e = vec2(c.x * cs.y + c.y * cs.x, c.y * cs.y - c.x * cs.x) / size;
    e.x *= hand;                                                      // nose at -1, temple at +1
    e.x *= 1.0 + (0.10 * s2 + 0.05) * e.x * ebb(max(abs(e.x) - 0.8, 0.0) * 2.0);
    float ep = px / size;
    float x = e.x, f = 1.0 - x * x;
    float m = max(f, 0.0), ms = 0.5 * (f + sqrt(f * f + 0.16)) * ebb(max(-f, 0.0));
    float beyond = max(abs(x) - 1.0, 0.0);
    beyond *= beyond;
    float duct = smoothstep(0.66, 1.06, -x);
    float dip = 0.035 * duct + 0.06 * smoothstep(0.3, 1.3, x) + 0.10 * beyond;
    float low = -0.26 * m * (1.25 - 0.25 * m) * (1.0 + 0.10 * x) - dip;
    float tall = 0.52 + 0.16 * alt.x, peak = 0.36 * (alt.y - 0.7);     // rounder or longer
    float top = tall * m * (1.60 - 0.60 * m) * (1.0 + peak * x) - dip;
    float up = mix(low, top, o);
    float above = e.y - up, under = low - e.y;
    // the skin follows the lids more softly
    float lows = -0.26 * ms * (1.0 + 0.10 * x) - dip;
    float tops = tall * ms * (1.6 - 0.6 * ms) * (1.0 + peak * x) - dip;
    float over = e.y - mix(lows, tops, o), beneath = lows - e.y;

    // ---- light over the face: from one side, a little from above ----
    vec2 lv = normalize(vec2(sun, 0.30 + 0.60 * alt.z));
    float side = dot(e, lv);

    // ---- the ball ----
    vec2 gaze = vec2(0.24 * (s3 - 0.5) - 0.02 + 0.05 * swing(t * 0.0127 + s2), -0.05 + 0.16 * o);
    float ir = 0.44 + 0.10 * alt.y;
    vec2 d = (e - gaze) / ir;
    d.x *= 1.0 + 0.10 * s3 + 0.05;                                    // seen obliquely
    float r = length(d);
    float wide = mix(0.36, 0.52, pupil) * (1.0 - 0.20 * arousal) - 0.07 * energy
               + 0.02 * swing(t * 0.023 + s3);
    vec2 dp = d + vec2(0.05, -0.03);                             // the pupil lies deeper than the limbus
    float rp = length(dp);
    float ray = atan(d.x, -d.y) * 0.15915;                            // its seam is up, under the lid
    float rad = clamp((rp - wide) / (1.0 - wide), -0.3, 1.6);         // 0 at the pupil, 1 at the limbus

    bool ball = above < 0.02 && under < 0.02 && abs(x) < 1.1;
    // ---- one set of noise: fibres in the iris, grain and folds of the skin ----
    float fp = 0.16 * ep / (ir * max(r, 0.25));
    vec2 k = vec2(x, over > 0.0 ? over : -beneath);
    vec2 o1 = ball ? vec2(d * 2.3 + s2 * 30.0) : e * vec2(1.3, 2.0) + s2 * 30.0;
    float v1 = vnoise(o1);
    float bent = ray + 0.012 * v1 * rad;
    vec2 o2 = ball ? vec2(bent * 23.0 + 40.0, rad * 1.7 + s1 * 9.0)
                   : vec2(k.x * 3.1 + k.y, k.y * 6.5 + 0.5 * v1) + 9.0;
    float v2 = vnoise(o2) * fade(ball ? 23.0 * fp : 7.0 * ep);
    vec2 o3 = ball ? vec2(bent * 61.0 + v2 * 0.9 + 70.0, rad * 2.2 + v1)
                   : vec2(k.x * 9.0 - k.y * 5.0, k.y * 19.0 + v2);
    float f3 = fade(ball ? 61.0 * fp : 20.0 * ep);
    float v3 = vnoise(o3) * f3;
    vec2 o4 = ball ? vec2(bent * 170.0 + v3 * 0.9 + 90.0, rad * 4.5 + v2)
                   : vec2(k.x * 41.0 + v3, k.y * 47.0 + v2);
    float v4 = vnoise(o4) * fade(ball ? 170.0 * fp : 48.0 * ep);

    // ---- far and middle: skin, shaded like dunes ----
    float wash = smoothstep(-1.35, 1.35, side);
    wash *= wash * ebb(dot(e - lv * 0.75, e - lv * 0.75) * 0.42);
    float crease = mix(0.40, 0.17, o) * (0.75 + 0.5 * s2) * (0.30 + 0.70 * ms) * (1.0 - 0.20 * x);
    crease += 0.02 * v1;
    float plate = clamp(over / crease, 0.0, 1.0);
        float hood = over - crease;
    float ends = smoothstep(1.40, 0.60, abs(x));
    float rolled = 4.0 * plate * (1.0 - plate) * ends / (1.0 + 14.0 * ep);
    float line = ebb(abs(hood) * (hood > 0.0 ? 11.0 : 26.0) / (1.0 + 22.0 * ep)) * ends;
    float lidball = smoothstep(-0.9, 0.9, x * sun * 0.9 + 0.25);
    // the brow: a crest, light on its slope, the hollow of the eye beneath
    float bh = hood - 0.52 + 0.10 * x * x + 0.10 * x * sun + 0.05 * v1;
    float brow = smoothstep(-0.50, 0.10, bh) * (1.0 - 0.72 * smoothstep(0.05, 0.85, bh));
    float upper = mix(0.16 + 0.42 * rolled * lidball, 0.10 + 0.52 * brow,
                      max(smoothstep(-0.03, 0.08, hood), 1.0 - ends));
    upper *= 1.0 - 0.80 * line;
    // below: the soft roll under the lashes, a hollow, the cheek
    float pouch = ebb((beneath - 0.12) * (beneath - 0.12) * 70.0) * (0.2 + 0.8 * ms);
    float trough = ebb(abs(beneath - 0.36 - 0.10 * x) * 6.0) * smoothstep(1.4, 0.1, x + 0.3);
    float ch = beneath - 0.62 + 0.30 * x * sun + 0.06 * v1;
    float cheek = smoothstep(-0.55, 0.20, ch) * (1.0 - 0.70 * smoothstep(0.10, 0.90, ch));
    float lower = 0.22 + 0.34 * pouch + 0.50 * cheek - 0.18 * trough;
    float skin = mix(lower, upper, smoothstep(-0.10, 0.10, e.y - 0.5 * (up + low)));
    skin *= 1.0 + 0.16 * v1 + 0.11 * v2 + 0.09 * v3 + 0.09 * v4;
    // the bridge of the nose: a dune whose crest is lost and found, haze behind it
    float bridge = x + 1.42 - 0.30 * e.y + 0.20 * e.y * e.y + 0.06 * v1;
    float lost = 0.06 + 1.5 * ep + 0.30 * smoothstep(-0.4, 1.0, e.y + 0.5 * v1);
    float slope = smoothstep(-lost, lost, bridge);
    skin += 0.55 * ebb(max(bridge, 0.0) * 5.0) * (0.6 + 0.4 * v1) * (sun > 0.0 ? 0.30 : 0.10);
    vec3 flesh = mix(mix(hg, hk, 0.6), mix(hk, vec3(1.0), 0.12), wash);
    vec3 col = hg * 0.007 + flesh * skin * (0.012 + 0.34 * wash) * power;
    vec2 he = e - vec2(-1.9, 0.4);
    vec3 haze = mix(hg, hk, 0.35) * (0.5 + 0.5 * power)
              * (0.012 + 0.030 * ebb(dot(he, he) * 0.9) * (1.0 + 0.4 * v1));
    col = mix(haze, col, slope);

    // ---- the eye itself ----
    float soft = 0.012 + 1.2 * ep;
    float inside = (1.0 - smoothstep(-soft, soft, above)) * (1.0 - smoothstep(-soft, soft, under))
                 * (1.0 - smoothstep(1.0, 1.08, abs(x)));
    vec2 nb = (e - vec2(0.0, 0.04)) / 1.06;
    float nz = sqrt(max(1.0 - dot(nb, nb), 0.0));
    float shade = smoothstep(-0.35, 1.1, dot(nb, lv) * 0.85 + nz * 0.55);
    float white = shade * (0.20 + 0.03 * v2) * (1.0 - 0.5 * duct);
    vec3 eye = mix(mix(hk, vec3(1.0), 0.35), hg, 0.25) * white;
    vec2 tear = (e - vec2(-0.93, low + 0.055)) * vec2(1.0, 1.6);
    eye += mix(hk, ha, 0.35) * ebb(dot(tear, tear) * 110.0) * (0.05 + 0.10 * v2 * v2) * power;
    // iris: radial fibres, darker crypts, a collar of accent, light caught opposite to the lamp
    float limb = smoothstep(1.04 + ep / ir, 0.90 - ep / ir, r);
    float fibre = 0.45 * v2 + (0.24 - 0.85 * abs(v3)) * f3 + 0.36 * v4;   // threads of light
    float crypt = smoothstep(0.15, -0.55, v2 + 0.35 * v1) * smoothstep(0.1, 0.4, rad)
                * smoothstep(1.0, 0.6, rad);
    float against = dot(d, -lv);
    float mid = rad - 0.55, inner = rad - 0.13 - 0.05 * v2, ripple = rad - 0.72 * wave;
    float caustic = smoothstep(-0.35, 0.95, against) * (0.25 + 0.75 * ebb(mid * mid * 7.0));
    float bowl = 0.10 + 0.22 * rad * (1.0 - 0.4 * rad) + 1.10 * caustic * caustic;
    bowl *= clamp(1.0 + 1.15 * fibre, 0.1, 2.2) * (1.0 - 0.5 * crypt);
    bowl *= (1.0 - 0.80 * smoothstep(0.66, 1.02, r));
    float collar = ebb(inner * inner * 90.0);
    float ring = wave * ebb(ripple * ripple * 18.0);
    vec3 ic = mix(ht, hk, 0.5 * smoothstep(0.5, 1.0, rad)) * bowl * 0.62;
    ic += mix(ha, ht, 0.25) * collar * (0.06 + 0.55 * caustic) * (0.8 + fibre) * 0.55;
    ic += mix(ht, ha, 0.3) * ring * max(0.30 + 0.45 * fibre, 0.0);
    float hole = 1.0 - smoothstep(wide - 0.05 - 0.02 * v3, wide + 0.035 + 0.03 * v2 + ep, rp);
    ic = mix(ic, hg * 0.004, hole * 0.97);
    eye = mix(eye, ic * power, limb);
    // what the cornea mirrors: a faint sky, and one small light
    float sky = smoothstep(0.15, 0.9, dot(d, lv)) * smoothstep(1.0, 0.6, r);
    eye += mix(hk, ht, 0.5) * sky * 0.030 * power;
    vec2 cl = d - vec2(sun * 0.33, 0.20) * (1.0 - 0.1 * s2);
    cl = vec2(0.8 * cl.x + 0.3 * cl.y * sun, cl.y - 0.2 * cl.x * sun);
    float spark = ebb(dot(cl, cl) * 330.0 / (1.0 + 60.0 * ep));
    spark += 0.06 * ebb(dot(cl, cl) * 22.0);
    eye += mix(vec3(1.0), ha, 0.45) * spark * (0.6 + 0.4 * power);
    // the lid's shadow, and the wet line on the lower lid
    eye *= smoothstep(-0.02, 0.34, -above) * 0.90 + 0.10;
    float meet = smoothstep(1.04, 0.86, abs(x));
    float thin = 1.0 / (1.0 + 26.0 * ep);
    float thread = (under + 0.020) * (68.0 - 24.0 * m) * thin;
    float wet = ebb(thread * thread) * thin * (1.0 + 1.3 * wave) * meet
              * smoothstep(-1.1, -0.2, x * -sun * 0.9 - 0.1 + 0.5 * v1)
              * (0.35 + 0.65 * smoothstep(-0.2, 0.6, vnoise1(x * 5.0 + s3 * 40.0) + 0.4 * v1));
    col = mix(col, eye, inside);
    float margin = ebb(abs(under - 0.02) * 40.0) * meet;
    col += (mix(hk, vec3(1.0), 0.4) * wet * 0.42 + hk * margin * 0.045) * power * (1.0 - 0.8 * shut);

    // ---- lashes: a fan on the upper lid, out into its shadow and down over the eye ----
    float hang = mix(0.34, 0.15, o) * (0.5 + 0.8 * lashes);
    float rise = mix(0.015, 0.20, o) * (0.5 + 0.8 * lashes);
    float dark = ebb(max(abs(above + 0.01) - 0.018, 0.0) * 30.0 / (1.0 + 40.0 * ep)) / (1.0 + 3.0 * ep);
    dark *= smoothstep(1.10, 0.80, abs(x));
    float stand = 0.0;
    float s = min(abs(above) / (above > 0.0 ? rise : hang), 1.2);
    float lean = (0.34 * x + 0.14) * s * (0.4 + 0.9 * s) * (above > 0.0 ? 0.55 : 0.75);
    for (int i = 0; i < 2; i++) {
        float fi = float(i);
        float pitch = 0.054 + 0.019 * fi;
        float b = (x - lean * (1.0 + 0.3 * fi)) / pitch + 0.37 * fi;
        float ci = floor(b);
        vec4 r4 = cell_dice(vec2(ci, 9.0), 40 + i);
        float root = (ci + 0.5) * pitch;
        float l1 = (0.40 + 0.60 * r4.x) * smoothstep(0.97, 0.62, abs(root - 0.04));
        l1 *= step(abs(root), 0.99);
        float rest = clamp(1.0 - s / max(l1, 0.01), 0.0, 1.0);
        float off = abs(b - ci - 0.5 - 0.35 * (r4.y - 0.5) - (r4.z - 0.5) * 0.45 * s) * pitch;
        float th = 0.003 + 0.013 * rest;
        float sf = 0.009 + 0.010 * s + 1.5 * ep;                      // the tips leave the focus
        float blade = clamp((th + sf - off) / (2.0 * sf), 0.0, 1.0) * smoothstep(0.0, 0.3, rest);
        stand = max(stand, blade * min(1.0, (th * 2.0 + 0.003) / sf) * step(0.05, l1));
    }
    stand *= min(1.5 * lashes, 1.0) * fade(ep * 15.0);
    col = mix(col, hg * 0.004 + col * 0.05, clamp(max(dark, stand), 0.0, 0.95));

    // ---- near: a strand of hair, far out of focus ----
    float away = 0.0, gleam = 0.0;
    for (int i = 0; i < 2; i++) {
        float fi = float(i);
        float hx = p.x * hand - 0.50 - 0.16 * fi * (s2 - 0.2) + (0.42 - 0.5 * fi * s3) * p.y
                 + 0.35 * p.y * p.y * (fi - 0.5) + 0.014 * swing(t * 0.015 + 0.2 * fi + p.y * 0.25);
        float q = hx / (0.052 + 0.045 * fi);
        away = max(away, ebb(q * q * 0.9) * (0.85 - 0.35 * fi));
        q -= 1.2 * sun;
        gleam += ebb(q * q * 0.9) * (0.5 - 0.2 * fi);
    }
    col = mix(col, hg * 0.006, away * min(hair * 1.5, 1.0));
    col += mix(hg, hk, 0.7) * gleam * hair * (0.006 + 0.05 * wash) * power;

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
