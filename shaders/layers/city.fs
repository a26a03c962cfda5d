/*{
  "ISFVSN": "2",
  "DESCRIPTION": "City at night: towers and houses across a dark river, haze between them, a few windows awake, their light trembling in the water; a balcony's sill and leaves, near and soft.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, more windows awake, brighter"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs, the haze swells"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light runs along the streets"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens the haze and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another city, another bank"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.05, 0.07, 0.13, 1.0], "LABEL": "Ground: the night"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.86, 0.62, 0.38, 1.0], "LABEL": "Tone: lamplight in the windows"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.64, 0.47, 0.46, 1.0], "LABEL": "Kin: haze over the streets, other windows"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.46, 0.66, 0.84, 1.0], "LABEL": "Accent: a very few windows"},
    {"NAME": "awake", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.45, "LABEL": "Awake: how many windows have their light on"},
    {"NAME": "haze", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Haze: mist between the houses"},
    {"NAME": "street", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Street: glow from below"},
    {"NAME": "river", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "River: how far the water breaks the lights"},
    {"NAME": "balcony", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Balcony: leaves in the near dark"}
  ]
}*/

#include "dream.glsl"

// How much of a strip |x| < half falls on a spot `soft` wide: its light is kept when it gets narrow.
float strip(float x, float halfw, float soft) {
    float c = clamp((halfw - abs(x)) / soft + 0.5, 0.0, 1.0);
    return c * c * (3.0 - 2.0 * c) * min(1.0, 2.0 * halfw / soft);
}

// Someone's lamp: lit for a part of its own long round, seven seconds to come and seven to go.
float lamp(float t, vec4 a, float awake) {
    float pace = 0.0021 + 0.0035 * a.w, ease = 7.0 * pace;
    float x = fract(t * pace + a.z * 7.31), on = awake * (1.0 - 2.0 * ease);
    float gone = smoothstep(on, on + ease, x);
    return smoothstep(0.0, ease, x) * (1.0 - gone) * smoothstep(0.0, 0.06, awake);
}

// four coarse numbers 0..1 of a house in a row, one stir only
vec4 house_dice(float cell, int row) {
    uint n = uint(int(cell) + 4096 + row * 8192) * 0x8f1bbcdbu;
    n = stir(n ^ uint(seed * 65535.0) * 0x2545f491u);
    n ^= n >> 14;
    return vec4(ivec4(n & 255u, (n >> 8) & 255u, (n >> 16) & 255u, n >> 24)) * 0.0039216;
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
    float power = mix(0.88, 2.6, energy) * (0.94 + 0.12 * breath) * (1.0 + 0.35 * wave);
    float shore = -0.12 - 0.08 * s1;
    float zoom = mix(1.0, 0.76, energy);                      // energy steps closer

    // ---- one city for the bank and for its mirror in the river; one noise for cloud and water ----
    vec2 q = vec2(p.x, p.y - shore) * zoom;
    float pq = px * zoom;
    bool wet = q.y < 0.0;
    float below = max(-q.y, 0.0), depth = below + 0.02;
    vec2 w = vec2(q.x / (depth + 0.10), log(depth) * 3.2);
    float fw = pq * 3.2 / depth;
    vec2 sky = vec2(q.x * 1.2 + 0.5 * q.y * hand, q.y * 3.3);
    float v1 = vnoise(wet ? vec2(w.x * 1.6 + 30.0 * s3, w.y * 1.7 + t * 0.055)
                          : sky + vec2(t * 0.009, s3 * 30.0));
    float v2 = vnoise(wet ? vec2(w.x * 3.7 - t * 0.021, w.y * 5.3 + t * 0.085 + v1)
                          : sky * 2.6 + vec2(t * 0.015 + v1 * 0.7, 7.0));
    v2 *= fade(wet ? fw * 5.3 : pq * 9.0);
    float v3 = vnoise(wet ? vec2(w.x * 8.5 + t * 0.03, w.y * 14.0 + t * 0.13 + v2)
                          : sky * 6.1 + vec2(t * 0.021 + v2 * 0.8, 19.0));
    v3 *= fade(wet ? fw * 14.0 : pq * 21.0);
    float tilt = v1 * 0.5 + v2 * 0.55 + v3 * 0.4;
    // water moves what it mirrors up and down far more than sideways
    float rough = wet ? min(below, 0.20) * (0.08 + 1.84 * river) : 0.0;
    float y = max(wet ? below * 1.05 + rough * 0.62 * tilt : q.y, 0.0005);
    q.x += rough * 0.12 * (v2 + v3);
    float blur = wet ? 0.002 + 0.050 * below : 0.0;

    // ---- sky: cloud lit from below, most where the city is dense ----
    float mid = (s2 - 0.5) * 0.50, lee = q.x - mid;
    float hill = ebb(lee * lee * 15.0);
    float cloud = wet ? 0.35 : smoothstep(-0.55, 0.95, v1 * 0.7 + v2 * 0.34 + v3 * 0.16);
    float call = abs(fract(q.x * 0.55 - t * 0.027) - 0.5);    // sympathy runs along the streets
    call = ebb(call * call * 45.0);
    float glow = (0.30 + 0.70 * street) * power * (1.0 + wave * (0.15 + 1.3 * call));
    float e8 = ebb(y * 8.0), e4 = ebb(y * 3.6), lift = e4 * (0.30 + 0.70 * ebb(lee * lee * 5.0));
    vec3 col = hg * (0.014 + 0.016 * e4) + mix(hg, hk, 0.35) * cloud * 0.008;
    col += mix(hk, ht, 0.25) * glow * lift * (0.038 + 0.137 * cloud);
    col += mix(hk, ht, 0.40) * glow * (0.105 * e8 + 0.070 * e8 * e8 * e8) * (0.35 + 0.65 * hill);

    // ---- four rows of houses, far to near, with haze before each; the near rows are low ----
    float sway = swing(t * 0.0047 + s1);
    float fog = mix(0.05, 1.05, haze) * (0.9 + 0.2 * breath) * (1.0 - 0.2 * arousal);
    float seen = 0.0, row = 0.0, mine = 0.0, f1 = 0.0, wide1 = 1.0, tall1 = 0.0;   // the wall in front
    vec4 b1 = vec4(0.5);
    vec3 air = mix(mix(hg, hk, 0.6), mix(hk, ht, 0.55), e8 * e8);
    air *= 0.013 + glow * (0.45 + 0.55 * hill) * 0.155 * e8;
    vec3 stone = hg * 0.007 + mix(hg, mix(hk, ht, 0.5), 0.7) * glow * 0.026 * e8 * e8;
    int rows = clamp(int(ceil((0.46 - y) * 12.5)), 0, 4);
    for (int i = 0; i < rows; i++) {
        float fi = float(i), n = fi / 3.0, top = 0.46 - 0.08 * fi;
        float pitch = 0.076 + 0.030 * fi + 0.022 * n * n * fi;
        float x = q.x + sway * (0.003 + 0.012 * n) + 3.1 * fi + s3 * 5.0;
        float cell = floor(x / pitch);
        vec4 b = house_dice(cell, i), c = fract(b * 37.0);
        float f = x - (cell + 0.5 + (b.x - 0.5) * 0.25) * pitch;
        float wide = pitch * (0.14 + 0.23 * b.y);

        // the land climbs on one side; a second, smaller crowd of towers on the other
        float home = lee - f, away = home + hand * (0.45 + 0.2 * s3);
        float bank = clamp(home * hand * 2.0 - 0.12, 0.0, 1.0);
        float town = max(max(1.0 - 7.0 * home * home, 0.62 - 7.0 * away * away), 0.0);
        // towers where the city is dense, houses up the bank and at the water
        float tall = 0.050 + 0.040 * b.z + 0.030 * n;
        tall += (1.0 - n) * (0.05 * c.x + bank * (0.16 - 0.035 * fi));
        tall += town * town * (1.0 - n) * 0.30 * b.z * (0.3 + 0.7 * b.z) * (1.0 - 0.6 * bank);
        tall *= b.w < 0.10 ? 0.4 : 1.0;
        bool gabled = c.y > 0.62 - 0.4 * max(n, bank);
        float slope = gabled ? (0.35 + 0.65 * c.z) * (0.4 + 0.5 * n) : 0.0;
        float roof = tall + slope * (wide - abs(f + wide * 0.6 * (c.w - 0.5)));
        float cut = max(abs(f) - wide, y - roof);
        float crown = max(abs(f + wide * 0.4 * (c.x - 0.5)) - wide * (0.35 + 0.3 * c.w),
                          y - tall - 0.12 * (tall - 0.06));
        float stack = max(abs(f - wide * (c.z - 0.5)) - wide * 0.08 - 0.0008,
                          y - roof - 0.012 * c.w - 0.005);
        cut = min(gabled ? cut : min(cut, crown), stack);
        float soft = pq + blur + 0.0005;
        float wall = 1.0 - smoothstep(-soft, soft, cut);

        // mist and street light before what is behind
        float thin = 1.0 - y / top;
        float mist = fog * (0.50 - 0.25 * n) * thin * thin * thin;
        col = mix(col, air, mist);
        col = mix(col, mix(stone, air, fog * 0.72 * (1.0 - n)), wall);

        bool front = wall > 0.5;
        float pane = 2.0 * wall - 1.0;                        // gone before another wall takes over
        seen = front ? pane : seen * min(-pane, 1.0);
        row = front ? fi : row;
        mine = front ? cell : mine;
        f1 = front ? f : f1;
        wide1 = front ? wide : wide1;
        tall1 = front ? tall : tall1;
        b1 = front ? b : b1;
    }

    // ---- its windows: at most one light in a block of four, never twice in the same place ----
    float m = row / 3.0;
    vec4 c = fract(b1 * 37.0);
    float cols = max(floor(2.0 * wide1 / (0.019 + 0.034 * m) * (0.8 + 0.4 * c.z)), 1.0);
    vec2 block = vec2(2.0 * wide1 / cols, 0.0);
    block.y = block.x * (1.05 + 0.6 * c.x);
    vec2 at = vec2(f1 + wide1, tall1 - y - 0.12 * block.y) / block;
    at.y -= 0.5 * (1.0 - m) * fract(floor(at.x) * 0.618 + c.y); // columns don't share floors
    vec2 id = floor(at);
    at -= id;
    vec4 a = cell_dice(id + vec2(mine * 11.0, 7.0), int(row) + 8);
    vec2 pick = vec2(0.32 + 0.36 * a.x, a.y > 0.5 ? 0.66 : 0.34);
    pick = mix(vec2(0.5), pick, clamp(0.2 * block / px - 0.7, 0.0, 1.0)); // whole, in a small tile
    vec2 o = (at - pick) * block;
    bool room = seen > 0.0 && id.y >= 0.0 && y + (at.y - pick.y - 0.3) * block.y > 0.002;
    float waking = 0.10 + 0.80 * awake * (0.75 + 0.55 * energy);
    waking *= (0.35 + 0.9 * b1.w) * (0.6 + 0.9 * fract(id.y * 0.618 + b1.z));   // some floors are late
    float on = room ? lamp(t, a, waking) : 0.0;
    vec2 size = block * vec2(0.12 + 0.06 * c.w, 0.12 + 0.05 * c.y);
    size *= 0.72 + 0.5 * fract(a.zw * 17.0);                  // each its own measure
    vec2 rim = at * (1.0 - at) * 4.0;
    float s = 2.1 * pq + blur;
    float light = room ? strip(o.x, size.x, s) * strip(o.y, size.y, s + blur * 1.5) * seen : 0.0;
    light *= min(rim.x * 2.2, 1.0) * min(rim.y * 2.2, 1.0);
    col += mix(hg, hk, 0.4) * 0.009 * light * (1.0 - on) * (0.3 + m);               // asleep
    int lit = on > 0.0 ? 1 : 0;                               // a loop, so that dark walls cost nothing
    for (int i = 0; i < lit; i++) {
        // inside: a lamp, somebody who passes, a curtain, the bars of the window
        vec2 u = o / size, l = u - vec2(1.2 * a.x - 0.6, 0.1);
        vec2 who = u - vec2(3.4 * swing(t * 0.0061 + a.y * 3.0), 0.0);
        float head = 1.0 - dot(who, who) * 9.0, low = who.y - 1.1;
        float body = 1.0 - who.x * who.x * 3.5 - low * low * 1.4;
        float inner = 0.50 + 0.85 * ebb(dot(l, l) * 1.3);
        inner *= 1.0 - 0.72 * smoothstep(0.0, 0.35, max(head, body)) * step(0.45, a.w);
        inner *= 1.0 - 0.30 * smoothstep(0.35, 0.75, u.x * (a.y > 0.5 ? 1.0 : -1.0) + 0.10 * u.y);
        inner *= 1.0 - 0.55 * max(strip(u.x - 0.1, 0.05, 0.09), strip(u.y + 0.35, 0.05, 0.09));
        light *= mix(0.82, inner, fade((pq + blur) / size.x * 1.6));
        rim *= rim;
        float far = dot(o, o) / (block.x * block.x);
        float halo = rim.x * rim.y * (0.16 * ebb(far * 14.0) + 0.06 * ebb(far * 4.0)) * seen;
        float dim = fract(a.x * 7.0), mood = fract(a.y * 9.0);
        dim = (0.22 + 0.95 * dim * dim) * mix(0.60, 1.0, m);  // few are bright
        vec3 shade = a.w > 0.93 ? ha : mix(ht, hk, 0.6 * mood * mood);
        col += shade * on * dim * power * (light + halo * (0.5 + 1.1 * fog));
    }

    // ---- river ----
    if (wet) {
        col *= 0.80 - 0.35 * smoothstep(0.0, 0.4, below) + 0.22 * tilt;
        col += mix(hg, hk, 0.4) * (0.004 + 0.008 * (0.5 + tilt));
    }
    // lamps along the quay and the long streaks they lay on the water
    float qx = (q.x + sway * 0.015) / 0.125 + s2 * 9.0, qc = floor(qx);
    vec4 ql = house_dice(qc, 5);
    float dx = (qx - qc - 0.32 - 0.36 * ql.x) * 0.125;
    float alight = smoothstep(0.30, 0.5, ql.y) * (0.4 + 0.6 * ql.z) * (0.5 + 0.8 * street) * power;
    float rise = 0.010 + 0.010 * ql.w, up = wet ? 0.0 : y - rise;
    float gap = (qx - qc) * (1.0 - qx + qc) * 4.0;
    gap *= gap;
    float spot = 0.0016 + pq * 0.7;
    float r2 = dx * dx + up * up, bulb = min(1.0, 0.0000154 / (spot * spot)) * ebb(r2 / (spot * spot));
    bulb = wet ? 0.0 : bulb * 0.9 + 0.10 * ebb(r2 * 2600.0);
    float spread = 0.0035 + pq * 0.6 + 0.05 * below;
    float streak = ebb(dx * dx / (spread * spread)) * ebb(below * 7.0) * 0.0075 / (spread + 0.012);
    streak *= wet ? clamp(0.45 + 0.9 * tilt, 0.0, 1.4) : 0.0;
    col += mix(ht, hk, 0.5 * ql.w) * alight * gap * (bulb + streak);

    // ---- near: the balcony's sill climbs to one side, leaves stand on it there, out of focus ----
    float soft = 0.013 + 0.7 * px, leaf = 0.0, edge = 0.0, shown = smoothstep(0.0, 0.15, balcony);
    float aside = p.x * hand, lean = 0.5 * swing(t * 0.019 + s2);
    float sill = p.y + 0.53 - 0.03 * shown - (0.05 + 0.15 * balcony) * smoothstep(-0.15, 0.60, aside);
    vec2 stem = vec2(aside - 0.48 - 0.05 * s2, sill + 0.02);
    float high = 0.14 + 0.08 * balcony;
    int leaves = abs(stem.x) < 0.20 && stem.y < 0.25 && stem.y > -0.02 && balcony > 0.01 ? 5 : 0;
    for (int i = 0; i < leaves; i++) {
        // long leaves from one pot, each bent by its own weight
        float fi = float(i), h = fract(s1 * 7.0 + fi * 0.618), fan = 0.5 * fi - 1.0;
        vec2 dir = vec2(0.75 * fan + 0.3 * (h - 0.5) + 0.03 * lean * fan, 1.0);
        dir *= inversesqrt(dot(dir, dir));
        vec2 e = vec2(dot(stem, dir), dot(stem, vec2(dir.y, -dir.x)));
        float len = high * (0.75 + 0.40 * h), k = clamp(e.x / len, 0.0, 1.0);
        e.y -= len * (0.30 * fan + 0.05 * lean) * k * k;
        float fat = 0.062 * (0.22 + k) * (1.0 - k) + 0.001;
        float cover = smoothstep(-soft, soft, min(fat - abs(e.y), min(e.x + 0.02, len - e.x)));
        edge = mix(edge, clamp(0.5 - 0.6 * e.y * sign(aside) / (fat + soft), 0.0, 1.0), cover);
        leaf = max(leaf, cover);
    }
    leaf *= shown;
    float ledge = 1.0 - smoothstep(-0.012 - soft, 0.012 + soft, sill);
    edge *= leaf * (1.0 - ledge);
    leaf = max(leaf, ledge * shown);
    col = mix(col, hg * 0.004 + mix(hg, hk, 0.6) * 0.014 * edge * edge * glow, leaf * 0.96);

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
