/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Milk: a bowl of dark tea by one lamp, milk poured into it folds slowly into clouds, a thread of honey goes with it. Technique: a two-dimensional fluid as vorticity and stream function, carried semi-Lagrangian (J. Stam, Stable Fluids, SIGGRAPH 1999), Jacobi steps for the stream function; milk is read by Catmull-Rom (E. Catmull and R. Rom 1974); its silk is noise on carried coordinates (F. Neyret, Advected Textures, SCA 2003).",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Fluid", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart, folds faster"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs, milk comes with it"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, a ring of light on the tea"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another bowl, lamp and way of pouring"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.10, 0.06, 0.05, 1.0], "LABEL": "Ground: the table and the tea"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.74, 0.60, 0.46, 1.0], "LABEL": "Tone: the milk"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.66, 0.42, 0.30, 1.0], "LABEL": "Kin: milk that has become tea"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.98, 0.66, 0.26, 1.0], "LABEL": "Accent: honey, and the lamp in the tea"},
    {"NAME": "pour", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Pour: how much milk comes"},
    {"NAME": "spoon", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Spoon: how far the tea turns and folds"},
    {"NAME": "honey", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Honey: the bright thread in the milk"},
    {"NAME": "silk", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Silk: fine folds within the milk"},
    {"NAME": "steam", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Steam: how much of it drifts before the eye"}
  ],
  "PASSES": [
    {"TARGET": "whirl", "PERSISTENT": true, "FLOAT": true, "WIDTH": "clamp($HEIGHT * 0.4, 24, 40)", "HEIGHT": "clamp($HEIGHT * 0.4, 24, 40)"},
    {"TARGET": "whirl"},
    {"TARGET": "cloud", "PERSISTENT": true, "FLOAT": true, "WIDTH": "clamp($HEIGHT * 0.5, min($HEIGHT * 0.9, 160), 320)", "HEIGHT": "clamp($HEIGHT * 0.5, min($HEIGHT * 0.9, 160), 320)"},
    {}
  ]
}*/

#include "dream.glsl"

// Both buffers lie on the tea: its round surface is a disc of radius 1 in a square of side 2.
// whirl: vorticity, stream function, velocity (two). cloud: milk, honey, how far the tea has
// carried this place (two).

const float REACH = 1.06;                                        // of the square, a little margin

vec2 to_uv(vec2 w) { return w * (0.5 / REACH) + 0.5; }

// where milk falls in, and which way it then goes
void spout(vec4 die, out vec2 at, out vec2 way) {
    vec2 a = turn(TIME / 61.0 + die.x), b = turn(TIME / 43.0 + die.y);
    at = 0.50 * vec2(a.x + 0.35 * b.x, a.y - 0.35 * b.y);
    // as often against the way it walks as along it: the bowl must not become one whirl
    float turned = turn(TIME / 37.0 + die.z).x;
    way = normalize(vec2(-a.y, a.x) * 1.5 * turned + 0.5 * b - 1.1 * at + 1e-3);
}

// the stream that the tea is stirred by: a few slow eddies
float stirred(vec2 w, vec4 die) {
    float t = TIME * 0.011;
    return 0.056 * vnoise(w * 1.9 + die.xy * 40.0 + vec2(t, -0.6 * t))
         + 0.030 * vnoise(w * 3.1 + die.zw * 40.0 - vec2(0.9 * t, t));
}

// milk as it was poured before anybody looked: noise drawn out by the first eddies
vec2 poured(vec2 w, vec4 die) {
    float r = length(w);
    vec2 q = w;
    for (int i = 0; i < 3; i++) {
        float fi = float(i);
        vec2 at = 0.46 * turn(die[i] + 0.33 * fi);
        vec2 d = q - at;
        float near = max(1.0 - dot(d, d) * 1.5, 0.0);
        vec2 cs = turn((i == 1 ? -1.05 : 0.95) * near * near * near);
        q = at + vec2(cs.y * d.x - cs.x * d.y, cs.x * d.x + cs.y * d.y);
    }
    float a = dot(q, turn(die.w * 3.0));
    float n = 0.55 * vnoise(q * 2.3 + die.zw * 30.0) + 0.24 * vnoise(q * 5.7 + die.xy * 30.0);
    float milk = smoothstep(0.30, -0.22, abs(a + 0.25 * (die.z - 0.5)) - 0.27 - n) * (1.0 - smoothstep(0.66, 0.95, r));
    float line = vnoise(q * 1.7 + die.yx * 50.0);
    return vec2(0.92 * milk, smoothstep(0.16, 0.04, abs(line - 0.12)) * milk * 0.8);
}

vec4 whirl_at(vec2 uv) { return IMG_NORM_PIXEL(whirl, uv); }

void flow() {
    vec4 die = dice();
    vec2 uv = isf_FragNormCoord, one = 1.0 / RENDERSIZE;
    vec2 w = (uv - 0.5) * 2.0 * REACH;
    float h = 2.0 * REACH * one.x, wall = 1.0 - smoothstep(0.86, 1.0, length(w));
    if (FRAMEINDEX == 0) {
        // begins as if it had been stirred for a while
        float m = stirred(w, die), e = 0.04;
        float sum = stirred(w + vec2(e, 0.0), die) + stirred(w - vec2(e, 0.0), die)
                  + stirred(w + vec2(0.0, e), die) + stirred(w - vec2(0.0, e), die);
        gl_FragColor = vec4((4.0 * m - sum) / (e * e) * wall, m * wall, 0.0, 0.0);
        return;
    }
    vec4 c = whirl_at(uv);
    float l = whirl_at(uv - vec2(one.x, 0.0)).g, r = whirl_at(uv + vec2(one.x, 0.0)).g;
    float b = whirl_at(uv - vec2(0.0, one.y)).g, t = whirl_at(uv + vec2(0.0, one.y)).g;
    if (PASSINDEX == 0) {
        float dt = min(TIMEDELTA, 0.05) * (0.20 + 0.34 * spoon) * mix(0.75, 1.35, energy);
        c.r = whirl_at(uv - dt * c.ba / (2.0 * REACH)).r;
        // it tires, and what stirs it goes on
        float m = stirred(w, die);
        c.r += dt * (15.0 * m - 0.30 * c.r);
        vec2 at, way;
        spout(die, at, way);
        vec2 d = w - at;
        float jet = exp(-dot(d, d) * 46.0);
        c.r += dt * jet * (d.x * way.y - d.y * way.x) * -33.0 * (0.35 + 0.65 * breath) * (0.4 + 0.8 * pour);
        c.r = clamp(c.r, -9.0, 9.0);
    }
    // one step towards the stream function of this vorticity; still at the wall
    c.g = 0.25 * (l + r + b + t + h * h * c.r) * wall;
    c.ba = vec2(t - b, l - r) * (0.5 / h);
    gl_FragColor = c;
}

// Catmull-Rom from five taps between pixels; the corners weigh almost nothing
vec4 sharp(vec2 uv) {
    vec2 size = RENDERSIZE, x = uv * size;
    vec2 c = floor(x - 0.5) + 0.5, f = x - c;
    vec2 w0 = f * (-0.5 + f * (1.0 - 0.5 * f)), w1 = 1.0 + f * f * (1.5 * f - 2.5);
    vec2 w2 = f * (0.5 + f * (2.0 - 1.5 * f)), w3 = f * f * (0.5 * f - 0.5);
    vec2 mid = w1 + w2, m = (c + w2 / mid) / size, a = (c - 1.0) / size, z = (c + 2.0) / size;
    vec4 sum = IMG_NORM_PIXEL(cloud, m) * (mid.x * mid.y);
    sum += IMG_NORM_PIXEL(cloud, vec2(m.x, a.y)) * (mid.x * w0.y);
    sum += IMG_NORM_PIXEL(cloud, vec2(a.x, m.y)) * (w0.x * mid.y);
    sum += IMG_NORM_PIXEL(cloud, vec2(z.x, m.y)) * (w3.x * mid.y);
    sum += IMG_NORM_PIXEL(cloud, vec2(m.x, z.y)) * (mid.x * w3.y);
    float all = mid.x * mid.y + mid.x * (w0.y + w3.y) + mid.y * (w0.x + w3.x);
    return sum / all;
}

void carry() {
    vec4 die = dice();
    vec2 w = (isf_FragNormCoord - 0.5) * 2.0 * REACH;
    if (FRAMEINDEX == 0) {
        gl_FragColor = vec4(poured(w, die), 0.0, 0.0);
        return;
    }
    if (dot(w, w) > 1.08) {
        gl_FragColor = vec4(0.0);
        return;
    }
    float real = min(TIMEDELTA, 0.05);
    float dt = real * (0.20 + 0.34 * spoon) * mix(0.75, 1.35, energy);
    vec2 half_way = w - 0.5 * dt * whirl_at(isf_FragNormCoord).ba;
    vec2 from = w - dt * whirl_at(to_uv(half_way)).ba;
    vec4 c = sharp(to_uv(from));
    c.ba += from - w;
    c.ba *= 1.0 - real / 14.0;
    // milk becomes tea; more comes
    vec2 at, way;
    spout(die, at, way);
    vec2 d = w - at;
    float fresh = vnoise(w * 9.0 + TIME * 0.13);
    float drop = exp(-dot(d, d) * (46.0 + 24.0 * fresh)) * (0.25 + 0.75 * breath);
    c.r += real * (2.2 * pour * drop * (1.2 - c.r) - 0.020 * c.r);
    vec2 side = d - 0.07 * vec2(-way.y, way.x);
    c.g += real * (1.3 * exp(-dot(side, side) * 300.0) * (0.3 + 0.7 * breath) - 0.045 * c.g);
    gl_FragColor = vec4(clamp(c.rg, 0.0, 1.0), clamp(c.ba, -1.5, 1.5));
}

void picture() {
    float px = 1.0 / RENDERSIZE.y;
    vec2 p = (isf_FragNormCoord - 0.5) * vec2(RENDERSIZE.x / RENDERSIZE.y, 1.0);
    float t = TIME;
    Hues own = hues();
    vec3 hg = own.ground, ht = own.tone, hk = own.kin, ha = own.accent;
    vec4 die = dice();
    float hand = die.w < 0.5 ? -1.0 : 1.0;

    // ---- the bowl, seen from a little above ----
    float zoom = mix(1.10, 0.90, energy) * (1.0 - 0.010 * (breath - 0.5));
    vec2 b = (p + vec2(0.05 * (die.x - 0.5), 0.0)) * zoom;
    vec2 w = (b - vec2(0.0, -0.045)) / vec2(0.80, 0.490);
    vec2 lip = (b - vec2(0.0, 0.005)) / vec2(0.865, 0.540);
    float r = length(w), rl = length(lip);
    float soft = px * zoom / 0.48 + 0.004;
    float tea = 1.0 - smoothstep(1.0 - soft, 1.0 + soft, r);
    float inner = 1.0 - smoothstep(1.0 - soft, 1.0 + soft, rl);
    float outer = 1.0 - smoothstep(1.035 - soft, 1.035 + soft, rl);

    vec2 sun = vec2(hand * 0.62, 0.78);                          // the lamp, behind and to one side
    float power = mix(0.52, 1.62, energy) * (0.93 + 0.14 * breath) * (1.0 + 0.22 * wave);
    float near_lamp = 0.5 + 0.5 * dot(p, sun) / 0.75;

    // ---- table: far, and what the lamp leaves of it ----
    float wood = vnoise(vec2(p.x * 1.3 + die.y * 20.0, p.y * 11.0 + 0.8 * vnoise(p * 1.7 + die.zw * 9.0)));
    vec2 lamp = p - sun * 0.80;
    float pool = ebb(dot(lamp, lamp) * 3.2);
    vec3 col = hg * (0.0065 + 0.020 * pool * power) * (1.0 + 0.30 * wood);
    col += mix(hg, hk, 0.6) * pool * power * 0.085 * (1.0 + 0.35 * wood);
    vec2 sh = (b + sun * vec2(0.10, 0.13)) / vec2(0.92, 0.58);
    col *= mix(0.40, 1.0, smoothstep(0.80, 1.35, length(sh)));

    // ---- the bowl itself ----
    if (outer > 0.0) {
        float face = dot(normalize(lip + 1e-4), sun);            // 1: towards the lamp
        float glaze = 0.5 - 0.5 * face;                          // its inside is lit across from it
        float deep = clamp((r - 1.0) * 9.0, 0.0, 1.0);
        vec3 wall = mix(hg, hk, 0.5) * (0.010 + 0.10 * power * glaze * glaze * (0.4 + 0.6 * deep));
        wall += mix(hg, ht, 0.5) * 0.012 * deep * power;
        float turned = smoothstep(-0.2, 1.0, face);
        vec3 edge = mix(hk, ht, 0.6) * power * (0.014 + 0.30 * turned * turned + 0.07 * glaze * glaze * glaze);
        vec3 bowl = mix(edge, wall, inner);
        col = mix(col, bowl, outer);
    }

    // ---- tea and milk ----
    if (tea > 0.0) {
        vec2 uv = to_uv(w), e = 0.85 / IMG_SIZE(cloud);
        vec4 ne = IMG_NORM_PIXEL(cloud, uv + e), sw = IMG_NORM_PIXEL(cloud, uv - e);
        vec4 nw = IMG_NORM_PIXEL(cloud, uv + vec2(-e.x, e.y)), se = IMG_NORM_PIXEL(cloud, uv + vec2(e.x, -e.y));
        vec4 c = 0.25 * (ne + sw + nw + se);
        vec2 grad = vec2(ne.r + se.r - nw.r - sw.r, ne.r + nw.r - se.r - sw.r) * (0.25 / (e.x * 2.0 * REACH));
        // silk: the finer it is drawn, the less of it
        vec2 q = w + c.ba;
        // where the tea has drawn it out it would be finer than a pixel
        vec2 jx = ne.ba + se.ba - nw.ba - sw.ba, jy = ne.ba + nw.ba - se.ba - sw.ba;
        float per = 0.25 / (e.x * 2.0 * REACH);
        jx = vec2(1.0, 0.0) + jx * per;
        jy = vec2(0.0, 1.0) + jy * per;
        float drawn = sqrt(max(dot(jx, jx), dot(jy, jy)));
        float foot = (px * zoom * 1.7 + 0.0016) * drawn;
        float n1 = vnoise(q * 6.3 + die.xy * 60.0) * fade(6.3 * foot);
        float n2 = vnoise(q * 15.0 + 1.1 * n1 + die.yz * 60.0) * fade(15.0 * foot);
        float n3 = vnoise(q * 37.0 + 0.9 * n2 + die.zw * 60.0) * fade(37.0 * foot);
        float fold = (0.50 * n1 + 0.34 * n2 + 0.20 * n3) * (0.25 + 1.5 * silk);
        float thin = c.r * (1.0 - c.r) * 4.0;
        float m = clamp(c.r + 0.30 * fold * thin + 0.10 * fold * c.r, 0.0, 1.0);
        // clouds under the surface: lit on the side of the lamp, hollow where they are thin
        float slope = dot(grad, sun) * 0.20;
        float lit = 0.62 - 0.55 * slope / (1.0 + abs(slope)) + 0.30 * fold;
        float heart = ebb(dot(w, w) * mix(2.3, 1.35, energy));
        vec2 wl = w - sun * vec2(0.55, 0.62);
        float lampish = ebb(dot(wl, wl) * 1.7);
        float fall = (0.10 + 0.62 * heart + 0.55 * lampish) * power;
        // the dark tea lets some light down to the glaze
        vec2 floor_at = w * 0.84 + 0.10 * grad * 0.05 + vec2(hand * -0.05, 0.10);
        float below = ebb(abs(length(floor_at) - 0.74) * 6.0) * (0.5 - 0.5 * dot(normalize(w + 1e-4), sun));
        vec3 brew = hg * (0.0055 + 0.012 * lampish) + mix(hg, hk, 0.75) * (0.050 * below + 0.030 * lampish * lampish) * power;
        float cover = smoothstep(0.03, 0.95, m);
        vec3 thinly = hk * fall * 0.24 * max(lit, 0.05), thickly = mix(ht, vec3(1.0), 0.26) * fall * 0.86 * max(lit, 0.08);
        vec3 milky = mix(thinly, thickly, smoothstep(0.30, 0.92, m));
        vec3 liquid = mix(brew, milky, cover * (0.30 + 0.70 * cover));
        float gold = smoothstep(0.12, 0.75, c.g * (1.0 + 0.5 * fold)) * honey;
        liquid = mix(liquid, ha * fall * (0.18 + 0.26 * lit), gold * 0.80);
        // a ring of light when the wave is here
        float ring = r - 0.15 - 0.75 * wave;
        liquid *= 1.0 + 0.7 * wave * ebb(ring * ring * 30.0);
        liquid += mix(hk, ht, 0.5) * wave * ebb(ring * ring * 60.0) * 0.030 * power;
        // the lamp in the tea, on a surface that its turning dents
        vec4 v = whirl_at(uv);
        vec2 gl = (w - sun * vec2(0.50, 0.50) + v.ba * 0.15 + 0.035 * vec2(n1, 0.0)) * vec2(1.0, 2.2);
        float g2 = dot(gl, gl);
        liquid += mix(ha, ht, 0.35) * power * (0.36 * ebb(g2 * 110.0) + 0.035 * ebb(g2 * 9.0));
        float meniscus = smoothstep(0.94, 0.995, r);
        liquid *= 1.0 - 0.5 * meniscus;
        liquid += mix(hk, ht, 0.4) * power * 0.09 * ebb((r - 0.985) * (r - 0.985) * 5200.0)
                * (0.5 - 0.5 * dot(normalize(w + 1e-4), sun));
        col = mix(col, liquid, tea);
    }

    // ---- near: steam ----
    float lift = t * 0.021;
    float s = vnoise(vec2(p.x * 1.7 + 0.5 * swing(p.y * 0.3 - lift * 0.4 + die.z), p.y * 0.95 - lift) + die.yw * 30.0);
    s += 0.5 * vnoise(vec2(p.x * 3.9 + 1.3 * s, p.y * 1.7 - 1.5 * lift) + die.zx * 30.0);
    float wisp = smoothstep(-0.05, 1.05, s) * steam * ebb(p.x * p.x * 3.5) * smoothstep(-0.45, 0.15, p.y);
    col = col * (1.0 - 0.30 * wisp) + mix(hg, ht, 0.5) * wisp * power * (0.030 + 0.10 * pool);

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}

void main() {
    if (PASSINDEX < 2) flow();
    else if (PASSINDEX == 2) carry();
    else picture();
}
