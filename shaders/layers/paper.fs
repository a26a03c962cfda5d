/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Folded paper: a paper crane breathes before creased sheets of washi, lit through by a low lamp behind; fibres, threads of light in the folds, a soft near edge.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart, finer"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs, the wings"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light runs along the folds"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: unfolds and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: creases and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another crane, other folds, another lamp"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.11, 0.07, 0.08, 1.0], "LABEL": "Ground: the room"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.78, 0.62, 0.48, 1.0], "LABEL": "Tone: paper before the lamp"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.66, 0.50, 0.52, 1.0], "LABEL": "Kin: paper in shade"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.52, 0.72, 0.82, 1.0], "LABEL": "Accent: the light in one fold"},
    {"NAME": "creases", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Creases: how sharply the sheets were folded"},
    {"NAME": "thinness", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.55, "LABEL": "Thinness: how much lamplight comes through the wings"},
    {"NAME": "fibres", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Fibres: how much of the paper's hair is seen"},
    {"NAME": "lamp", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Lamp: how far its light reaches"},
    {"NAME": "wings", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Wings: how high they stand"}
  ]
}*/

#include "dream.glsl"

// a soft bump of x squared that ends; cheaper than ebb
float bump(float xx) { xx = max(1.0 - xx, 0.0); return xx * xx; }

// A sheet that was folded over and over and opened again: the plane is mirrored at each fold, so
// later creases repeat as in real paper. Gives (slope to the light, threads in the creases,
// nearness to the first fold). `l` is where the light is; `lost` makes threads come and go.
vec3 folded(vec2 q, vec2 l, vec4 die, float soft, float lost, int n) {
    vec3 sum = vec3(0.0);
    float crisp = 1.0 / soft;
    vec2 m = turn(die.x * 0.5 + 0.11), by = vec2(0.73 + 0.26 * die.y, 0.0);
    by.y = sqrt(1.0 - by.x * by.x);
    for (int i = 0; i < n; i++) {
        float fi = float(i);
        // where, how steep, how lit
        vec3 r = fract(die.yzw * (1.0 + 2.7 * fi) + vec3(0.31, 0.57, 0.77) * fi);
        float d = dot(q, m) - (r.x - 0.5) * 0.5;
        float along = q.x * m.y - q.y * m.x;
        float h = clamp(0.5 - 0.5 * d * crisp, 0.0, 1.0);
        h = h * h * (3.0 - 2.0 * h);
        float a = dot(m, l) * (0.45 + 0.55 * r.y) * (1.0 - 0.16 * fi);
        sum.x += (1.0 - 2.0 * h) * a;
        float thin = 0.5 + 0.5 * swing(along * 0.9 + r.z) + 0.6 * lost;
        float e = d * crisp * (4.2 - 2.2 * clamp(thin, 0.0, 1.0));
        sum.y += bump(e * e * 0.3) * clamp(thin, 0.0, 1.0) * (r.z - 0.38) * (1.0 - 0.27 * fi);
        if (i == 0) sum.z = d;
        q -= 2.0 * min(d, 0.0) * m;
        l -= 2.0 * h * dot(m, l) * m;
        m = vec2(m.x * by.y - m.y * by.x, m.x * by.x + m.y * by.y);
    }
    return sum;
}

// What the crane's facets share.
struct Stage {
    vec2 p;                    // the pixel, in the crane's units
    float crisp, soft, rag;    // 1 / half an edge, 1 / half a crease, unevenness
    float near, grain, lost;   // lamplight here, the paper's texture, where threads come and go
    vec3 ht, hk, ha, hg;
};

float side(vec2 p, vec2 a, vec2 b) {
    b -= a;
    p -= a;
    return (b.x * p.y - b.y * p.x) * inversesqrt(dot(b, b));
}

// A piece of the crane, laid over what is there: the triangle a-tip-b, counter-clockwise, creased
// from m to the tip. `thru`: how much lamplight passes the half at a and the half at b;
// `front`: how much of the room each gives back.
void piece(inout vec3 col, Stage s, vec2 a, vec2 b, vec2 tip, vec2 m, vec2 thru, vec2 front,
    float thread) {
    float d0 = side(s.p, a, b);
    float d = min(d0, min(side(s.p, b, tip), side(s.p, tip, a))) + s.rag;
    float cover = clamp(0.5 + 0.5 * d * s.crisp, 0.0, 1.0);
    cover = cover * cover * (3.0 - 2.0 * cover);
    float c = side(s.p, m, tip);
    float h = clamp(0.5 - 0.35 * c * s.soft, 0.0, 1.0);                   // 1 on b's side
    vec2 tf = mix(vec2(thru.x, front.x), vec2(thru.y, front.y), h);
    // light sinks into the root and, on one side, into the crease
    float up = clamp(d0 * 2.6, 0.0, 1.0), off = clamp(abs(c) * 7.0, 0.0, 1.0);
    tf.x *= (0.50 + 0.72 * up) * mix(0.80 + 0.26 * off, 1.16 - 0.26 * off, h) * (1.0 + 0.40 * s.grain);
    vec3 light = mix(s.hk, s.ht, 0.55 + 0.45 * up) * tf.x * s.near
               + s.hk * tf.y * (0.030 + 0.035 * s.near) * (1.0 + 0.25 * s.grain) + s.hg * 0.006;
    float e = c * s.soft * (1.5 - 0.8 * s.lost);
    light += s.ht * bump(e * e * 0.3) * thread * s.lost * s.near;
    // the rim of a sheet catches a little
    light *= 1.0 + 0.5 * s.lost * bump(d * d * s.crisp * s.crisp * 0.12);
    col = mix(col, light + col * 0.16 * tf.x, cover);
}

void main() {
    float asp = RENDERSIZE.x / RENDERSIZE.y;
    float px = 1.0 / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(asp, 1.0);
    float t = TIME;

    vec4 die = dice();
    float s1 = die.x, s2 = die.y, s3 = die.z, s4 = die.w;
    float hand = s4 < 0.5 ? -1.0 : 1.0;
    p.x *= hand;                                                        // all else is drawn once

    // ---- paper: fibres and cloudiness ----
    vec2 g = p + vec2(0.0011, -0.0007) * t;
    float f4 = fade(100.0 * px);
    float c1 = vnoise(g * vec2(3.1, 2.6) + 20.0 * s2);
    float c2 = vnoise(g * vec2(8.3, 9.7) + 1.1 * c1 + 9.0) * fade(12.0 * px);
    vec2 fq = vec2(g.x * 0.83 - g.y * 0.56, g.x * 0.56 + g.y * 0.83);
    float c3 = vnoise(fq * vec2(34.0, 15.0) + 1.7 * vec2(c2, c1)) * fade(38.0 * px);
    float c4 = vnoise(fq.yx * vec2(92.0, 50.0) + 1.4 * vec2(c3, c2)) * f4;
    float hair = bump(c3 * c3 * 60.0) * f4 * (0.5 + 0.5 * c1)
               + 0.7 * bump(c4 * c4 * 38.0) * f4 * f4 * (0.5 - 0.5 * c2);
    float grain = fibres * (0.32 * c2 + 0.20 * c3 + 0.20 * c4 + 0.55 * hair);
    // only large tiles show the finest
    int fine = px < 0.0018 ? 1 : 0;
    for (int k = 0; k < fine; k++) {
        float c5 = vnoise(fq * vec2(210.0, 330.0) + 2.0 * vec2(c4, c3)) * fade(330.0 * px);
        grain += fibres * (0.18 * c5 + 0.28 * bump(c5 * c5 * 19.0) * fade(700.0 * px)
            * (0.5 + 0.5 * c2));
    }

    Hues own = hues();
    vec3 hg = own.ground, ht = own.tone, hk = own.kin, ha = own.accent;

    float power = mix(0.50, 1.95, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.25 * wave);
    float open = 0.22 * valence + 0.12 * (breath - 0.5);
    float keen = (0.55 + 0.75 * creases) * (1.0 + 0.25 * arousal) * (1.0 - 0.12 * open);

    // ---- the lamp, behind and low on one side ----
    vec2 lp = vec2(-0.07 - 0.17 * s1, -0.10 + 0.14 * s2)
            + vec2(0.02 * swing(t * 0.0113 + s3), 0.012 * swing(t * 0.0093));
    vec2 ld = p - lp;
    float lr = dot(ld, ld);
    float reach = mix(5.5, 1.9, lamp);
    float e0 = ebb(lr * reach), e1 = e0 * e0, el = bump(lr * 3.2);
    e0 *= 0.75 + 0.25 * e1 * e1 * e0;
    vec2 toward = -ld * inversesqrt(lr + 0.06);

    // ---- where the sheets end ----
    float tip = (s2 - 0.5) * 1.5 + 0.019 * swing(t * 0.0071 + s2);
    vec2 n1 = vec2(tip * (1.0 - 0.16 * tip * tip), 1.0 - 0.46 * tip * tip);       // (sin, cos), nearly
    float up1 = 0.11 + 0.15 * s3;
    float rag = 0.010 * c1 + 0.004 * c2 + 0.0022 * c3 + 0.0012 * c4;
    float d1 = up1 - dot(p, n1) + rag;
    float stand = -0.150 - 0.05 * s1;
    float up2 = stand + (0.30 * fract(s3 * 3.7 + s1) - 0.15) * p.x;
    float d2 = up2 - p.y + 0.5 * rag;

    // ---- folds: a pixel lies on one sheet ----
    bool floor = d2 > 0.0, back = !floor && d1 < 0.0;
    vec2 q = p - vec2(0.02 * swing(t * 0.0053 + s3), 0.0);
    q = floor ? vec2(q.x * 0.7 - 0.5 * d2 + 0.1, 1.7 * d2 - 0.2)                // what it stands on lies
      : back ? p * 1.4 + vec2(0.12 * swing(t * 0.0037 + s1) + 0.3, 0.12 * swing(t * 0.0029) - 0.2) : q;
    vec3 fold1 = folded(q, toward, floor ? die.yzwx : back ? die.zwxy : die, back ? 0.045 : 0.013 + px,
                        c1 + 0.5 * c2, 3);
    fold1.xy *= clamp(min(abs(d2), floor ? 1.0 : abs(d1)) / (0.002 + 1.2 * px), 0.0, 1.0);
    float slope = 1.0 + keen * (back ? 0.85 : 0.60) * (fold1.x + 0.2 * c1);
    slope = 0.5 * (slope + sqrt(slope * slope + 0.06));
    slope *= 1.0 + 1.3 * min(fold1.y, 0.0);                                    // some folds hold shadow
    float thread = max(fold1.y, 0.0) * keen;
    vec3 mid = mix(hk, ht, 0.5);

    // ---- far: a dim sheet, out of focus, drifting; the next one's shadow on it ----
    vec3 col = hg * 0.010 + mix(hg, hk, 0.8) * (0.014 + 0.060 * e0) * power * slope
        * (1.0 + 0.15 * grain);
    col += mid * thread * 0.05 * (0.1 + e0) * power;
    col *= 1.0 - 0.55 * bump(max(-d1, 0.0) * 4.5);

    // ---- behind: a large sheet with a torn edge, bright where the lamp is near ----
    float sheet1 = smoothstep(-px - 0.002, px + 0.002, d1);
    vec3 pap = hg * 0.010 + mix(hk, ht, clamp(e0 * 1.6, 0.0, 1.0)) * (0.010 + 0.125 * e0) * slope * power
             * (1.0 + 0.5 * grain);
    pap += ht * thread * (0.02 + 0.20 * e0) * power;
    // through one fold another light is seen, here and there
    float gap = 0.0036 * (0.3 + smoothstep(-0.4, 0.6, c1 + 0.3 * c2)), wide = 1.0 / max(gap, 0.8 * px);
    float leak = bump(fold1.z * fold1.z * wide * wide * 0.28) * gap * wide
        * smoothstep(-0.35, 0.5, c1 + 0.4 * c2)
               * el * (1.0 + 0.8 * grain);
    pap += ha * (leak * 0.24 + 0.035 * bump(fold1.z * fold1.z * 140.0) * el) * power
         * smoothstep(0.0, 0.05, -d2);
    pap += ht * bump(d1 * d1 * 2800.0) * 0.06 * clamp(0.1 + c1 + e0, 0.0, 1.0) * power;   // torn fibres
    col = mix(col, pap, sheet1);

    // ---- the sheet it stands on ----
    float sheet2 = smoothstep(-px - 0.003, px + 0.003, d2);
    float flo = bump(max(d2, 0.0) * 1.2);
    vec2 shq = vec2(p.x - 0.02 - 0.7 * d2, (d2 - 0.085) * 2.4),
        foot = vec2(p.x - 0.015, (d2 - 0.048) * 2.6);
    // the crane's shadow
    float bare = (1.0 - 0.72 * bump(dot(shq, shq) * 7.0)) * (1.0 - 0.8 * bump(dot(foot, foot) * 170.0));
    pap = hg * 0.010 + bare * power * (mix(hk, ht, 0.5 * flo) * (0.010 + 0.15 * e0 * flo) * slope
        * (1.0 + 0.5 * grain) + mid * thread * (0.01 + 0.10 * e0));
    col = mix(col * (1.0 - 0.4 * bump(max(-d2, 0.0) * 10.0)), pap, sheet2);

    // ---- the crane ----
    float size = mix(0.55, 0.66, energy) * (0.94 + 0.12 * fract(s3 * 7.0));
    vec2 at = vec2(-0.01 + 0.05 * s2, stand + 0.075 + 0.004 * swing(t * 0.012 + s1));
    vec2 cp = (p - at) / size;
    float roll = 0.30 * (fract(s1 * 5.0 + s4) - 0.5) + 0.02 * swing(t * 0.0087 + s4);
    cp += roll * vec2(cp.y, -cp.x);
    vec2 in0 = cp - vec2(0.0, 0.12);
    int here = dot(in0 * vec2(1.0, 1.2), in0 * vec2(1.0, 1.2)) < 0.46 ? 1 : 0;
    for (int k = 0; k < here; k++) {
        // turned a little away; (x, y, z) falls to x + yaw z, y - 0.16 z
        float yaw = -0.26 - 0.52 * fract(s1 * 9.0 + s3) + 0.07 * swing(t * 0.0097 + s2);
        float lift = 0.088 + 0.05 * wings + 0.022 * (breath - 0.5) + 0.018 * valence + 0.006
            * swing(t * 0.021)
                   + 0.045 * (s3 - 0.5);
        vec2 wd = 0.60 * turn(lift);                                      // (up, out)
        vec2 z = vec2(yaw, -0.16);
        vec2 B = vec2(0.01, -0.215), K = vec2(0.0, 0.105);
        vec2 C = vec2(0.185, 0.0), D = vec2(-0.185, 0.0), E = vec2(0.150, 0.0);
        vec2 W = vec2(-0.03, wd.x) + z * (0.05 + wd.y), Wf = vec2(-0.02, wd.x) - z * (0.05 + wd.y);
        float nod = 0.012 * (breath - 0.5) + 0.010 * swing(t * 0.0131 + s4);
        vec2 H = vec2(0.44, 0.29 + 0.05 * s2 + nod), A = H + vec2(0.135, -0.115),
            T = vec2(-0.55, 0.17 + 0.12 * s4 - nod);
        float fold = 0.30 * (breath - 0.5) + 0.10 * swing(t * 0.017 + s3);

        float glow = power * 1.55 / (1.0 + 0.55 * power);                   // paper never burns
        float edge = 0.0026 + 1.1 * px / size;
        Stage s = Stage(cp, 1.0 / edge, 1.0 / (edge + 0.003), 0.42 * rag, (0.07 + 1.10 * e0) * glow,
            grain,
                        clamp(0.5 + 0.7 * c1 + 0.5 * c2, 0.0, 1.0), ht, hk, ha, hg);
        float thin = mix(0.24, 1.16, thinness) * (1.0 + 0.2 * wave);
        piece(col, s, D - 0.05 * z, C - 0.05 * z, Wf, -0.11 * z, thin
            * vec2(0.92 + 0.2 * fold, 0.50 - 0.2 * fold), vec2(0.2, 0.6), 0.25);
        // tail on one side, neck on the other, never both in one pixel
        bool fore = cp.x > -0.01;
        piece(col, s, fore ? vec2(0.115, -0.130) : vec2(-0.125, -0.125),
              fore ? H + vec2(0.028, -0.02) : vec2(-0.04, 0.035), fore ? vec2(0.03, 0.04) : T,
              fore ? vec2(0.25, 0.06) : vec2(-0.07, -0.04), fore ? vec2(0.22, 0.13) : vec2(0.20, 0.42),
              fore ? vec2(1.2, 0.6) : vec2(0.3, 0.9), fore ? 0.0 : 0.16);
        piece(col, s, A, H + vec2(0.012, 0.012), H + vec2(-0.052, -0.052), H + vec2(0.06, -0.05),
              vec2(0.26, 0.20), vec2(1.0, 0.7), 0.08);
        // the body below its shoulders, its peak above them: one or the other as well
        bool peak = cp.y > 0.0;
        float lap = peak ? -0.010 : 0.020;
        piece(col, s, (peak ? D : E) + vec2(0.0, lap), (peak ? E : D) + vec2(0.0, lap), peak ? K : B,
              peak ? vec2(0.0) : K, peak ? vec2(0.15, 0.07) : vec2(0.045, 0.11), vec2(0.5, 0.9), 0.08);
        piece(col, s, D + 0.06 * z, C + 0.06 * z, W, 0.13 * z, thin
            * vec2(0.70 - 0.2 * fold, 0.25 + 0.2 * fold), vec2(0.7, 1.2), 0.25);
    }

    // ---- near: the corner of a sheet, out of focus ----
    vec2 nq = vec2(p.x - 0.38 - 0.10 * s4 + 0.02 * swing(t * 0.0083), p.y + 0.30 + 0.12 * s1);
    float na = nq.x * 0.96 + nq.y * 0.28, nb = -nq.y * 0.94 + nq.x * 0.34;
    float nd = 0.5 * (na + nb - sqrt((na - nb) * (na - nb) + 0.0008)) + 0.02 * c1;
    float ne = smoothstep(-0.032 - px, 0.032 + px, nd);
    float thinner = bump(max(nd, 0.0) * 8.0);
    col = mix(col, hg * 0.005 + mid * 0.004 * power * (1.0 + c1) * (1.0 + 9.0 * thinner * (0.3 + e0)),
        ne * (0.96 - 0.25 * thinner));

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
