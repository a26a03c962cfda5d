/*{
  "ISFVSN": "2",
  "DESCRIPTION": "Moon over tide: a softly lit moon, its broken path of light on a swell that comes in to a shore, a slow wave edge with a thread of light on wet sand, reeds in the near dark.",
  "CREDIT": "Performer",
  "CATEGORIES": ["Generator", "Night", "Slow"],
  "INPUTS": [
    {"NAME": "energy", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.35, "LABEL": "Energy: nearer, brighter at the heart, finer"},
    {"NAME": "breath", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Breath: fullness of the lungs"},
    {"NAME": "wave", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Wave: sympathy passing through, light gathers on the water"},
    {"NAME": "valence", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Valence: opens and warms"},
    {"NAME": "arousal", "TYPE": "float", "MIN": -1.0, "MAX": 1.0, "DEFAULT": 0.0, "LABEL": "Arousal: tightens and saturates"},
    {"NAME": "seed", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.37, "LABEL": "Seed: another moon, phase and shore"},
    {"NAME": "ground", "TYPE": "color", "DEFAULT": [0.04, 0.07, 0.13, 1.0], "LABEL": "Ground: the night"},
    {"NAME": "tone", "TYPE": "color", "DEFAULT": [0.40, 0.54, 0.70, 1.0], "LABEL": "Tone: moonlight"},
    {"NAME": "kin", "TYPE": "color", "DEFAULT": [0.36, 0.42, 0.68, 1.0], "LABEL": "Kin: cloud and far water"},
    {"NAME": "accent", "TYPE": "color", "DEFAULT": [0.93, 0.68, 0.46, 1.0], "LABEL": "Accent: the warm edge of the halo and of the path"},
    {"NAME": "cloud", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Cloud: how much thin cloud drifts by the moon"},
    {"NAME": "swell", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Swell: how far the tide breaks the path of light"},
    {"NAME": "reeds", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.6, "LABEL": "Reeds: how much grows in the near dark"},
    {"NAME": "haze", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Haze: mist along the horizon"},
    {"NAME": "tide", "TYPE": "float", "MIN": 0.0, "MAX": 1.0, "DEFAULT": 0.5, "LABEL": "Tide: how far the water has come up the sand"}
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
    float hand = s4 < 0.5 ? -1.0 : 1.0;
    float power = mix(0.86, 2.45, energy) * (0.94 + 0.12 * breath) * (1.0 + 0.35 * wave);

    // ---- the moon ----
    // between high and small, and low, large and warm
    float low = smoothstep(0.0, 1.0, fract(s2 * 3.0 + s4 * 5.0));
    float rad = mix(0.84, 1.20, energy) * mix(0.070, 0.132, low);
    float horizon = -0.085 - 0.11 * s1 + 0.001 * breath;
    vec2 mc = vec2((s2 - 0.5) * 0.34,
                   mix(0.36, 0.135, low) + 0.05 * (s3 - 0.5) + 0.012 * swing(t * 0.0021 + s1));
    mc.y = min(mc.y + horizon, 0.25);
    float veil = clamp(cloud + 0.56 * (fract(s3 * 5.0 + s1) - 0.5), 0.0, 1.0);
    power *= mix(1.04, 0.80, low);
    ht = mix(ht, ha, 0.30 * low * low);
    vec2 d = (p - mc) / rad;
    float r = length(d);
    float edge = px / rad + 0.012;
    float disc = 1.0 - smoothstep(1.0 - edge, 1.0 + edge, r);
    float mu = sqrt(max(1.0 - r * r, 0.0));
    // a ball: the lit side by phase, softly into earthshine
    float phase = (fract(s1 + 3.7 * s4) * 2.0 - 1.0) * 1.5;
    float sp1 = swing(phase * 0.159), cp1 = swing(phase * 0.159 + 0.25);
    vec3 sun = vec3(sp1 * 0.921, sp1 * 0.389 * hand, cp1);
    float lam = dot(vec3(d, mu), sun);
    float day = smoothstep(-0.16, 0.55, lam + 0.34 * max(cp1, 0.0) * cp1);
    vec2 sp = d * (1.0 + 0.22 * r * r);
    sp = vec2(0.8 * sp.x - 0.6 * sp.y, 0.6 * sp.x + 0.8 * sp.y);
    float c1 = vnoise(sp * 1.45 + s2 * 50.0);
    sp = vec2(0.66 * sp.x - 0.75 * sp.y, 0.75 * sp.x + 0.66 * sp.y);
    float c2 = vnoise(sp * 3.9 + c1 * 0.8 + 20.0);
    float fm = px / rad;
    sp = vec2(0.55 * sp.x - 0.835 * sp.y, 0.835 * sp.x + 0.55 * sp.y);

    float rr = max(r - 1.0, 0.0);
    float lit = 0.70 + 0.30 * cp1;
    float halo = lit * (0.40 / (1.0 + 7.0 * rr * rr) + 0.14 / (1.0 + 0.5 * rr * rr)
                      + 0.060 / (1.0 + 0.05 * rr * rr));
    float ring = lit * ebb((r - 1.95) * (r - 1.95) * 4.5) * 0.11
               * (0.6 + 0.4 * smoothstep(-1.0, 1.0, d.y * 0.7 + d.x * hand));

    // ---- cloud above, swell below, then sand: one set of noise serves all, and the moon's face ----
    float up = p.y - horizon;
    bool wet = up < 0.0, face = r < 1.02;
    float below = max(-up, 0.0) + 0.003;
    float lx = p.x - mc.x;
    vec2 w = vec2(lx / (below + 0.03), log(below) * 3.4);
    // where the water ends: lobes of the last wave, which the breath pushes up the sand and lets go
    float surge = 0.020 * (breath - 0.5) + 0.013 * swing(t * 0.0173 + s3);
    float lobes = vnoise1(p.x * 2.3 + s1 * 40.0 + t * 0.0071);
    float lace = vnoise1(p.x * 5.3 + s1 * 70.0);
    float beach = -0.375 - 0.17 * (tide - 0.5) + 0.12 * p.x * hand / (0.6 + abs(p.x)) - 0.03 * s3;
    float rim = p.y - beach + surge + 0.020 * lobes + 0.007 * lace;
    float frill = vnoise1(p.x * 27.0 + 9.0 * s1) * fade(27.0 * px);     // both: the headland's too
    rim += 0.0030 * frill;
    bool sand = rim < 0.0;
    float fw = px * 3.4 / below;
    vec2 cp = p * vec2(1.7, 3.7) * mix(1.1, 0.85, energy);
    cp.y -= 0.9 * p.x * (s1 - 0.5);
    cp += 0.36 * vec2(swing(cp.y * 0.21 + s3 + t * 0.0014), swing(cp.x * 0.30 + s2 + t * 0.0014));
    cp = vec2(0.92 * cp.x - 0.39 * cp.y, 0.39 * cp.x + 0.92 * cp.y);
    // long swells come in; the finer, the slower against their own size
    vec2 g = vec2(p.x + 0.3 * p.y, p.y * 3.4);
    vec2 o1 = sand ? g * 3.1 : wet ? vec2(w.x * 0.42 + 40.0 * s3, w.y * 1.9 - t * 0.050)
            : cp + vec2(t * 0.011, s3 * 40.0);
    float v1 = vnoise(o1);
    vec2 o2 = sand ? g * 11.0 + v1 : wet ? vec2(w.x * 1.7 - t * 0.016, w.y * 4.9 - t * 0.060 + v1 * 0.8)
            : cp * 2.7 + vec2(t * 0.019 + v1 * 0.7, 9.0);
    float f2 = fade(sand ? 38.0 * px : wet ? fw * 4.9 : 11.0 * px);
    float v2 = vnoise(o2) * f2;
    vec2 o3 = sand ? g * 41.0 + v2 : wet ? vec2(w.x * 4.1 + t * 0.018, w.y * 12.0 - t * 0.070 + v2 * 0.7)
            : face ? sp * 10.3 + vec2(c2, c1) * 1.3 : cp * 7.3 + vec2(t * 0.030 + v2 * 0.8, 31.0 + v1);
    float f3 = fade(sand ? 140.0 * px : wet ? fw * 12.0 : face ? 11.0 * fm : 30.0 * px);
    float v3 = vnoise(o3) * f3;
    vec2 o4 = sand ? g * vec2(230.0, 90.0) + v3
            : wet ? vec2(w.x * 9.7 + t * 0.024, w.y * 29.0 - t * 0.085 + v3 * 0.7)
            : face ? vec2(0.72 * sp.x - 0.69 * sp.y, 0.69 * sp.x + 0.72 * sp.y) * 27.0
                   + vec2(v3, c2) * 1.5
            : cp * 19.0 + vec2(t * 0.043 + v3 * 0.8, 71.0 + v2);
    float v4 = vnoise(o4) * fade(sand ? 330.0 * px : wet ? fw * 29.0 : face ? 29.0 * fm : 80.0 * px);
    float wool = v1 * 0.62 + v2 * 0.36 + smoothstep(1.02, 1.3, r) * (v3 * 0.19 + v4 * 0.09) + 0.10;
    float cl = smoothstep(0.30 - 0.75 * veil, 1.05 - 0.5 * veil, wool);
    cl *= smoothstep(0.0, 0.2, up);
    float mare = smoothstep(-0.42, 0.42, c1 * 0.8 + c2 * 0.32 + v3 * 0.13 + v4 * 0.05);
    float ball = disc * (0.045 + 0.955 * day) * (0.60 + 0.40 * mu)
               * mix(0.46, 1.0, mare) * (1.0 + 0.09 * v3 + 0.05 * c2 + 0.07 * v4);

    // ---- sky ----
    float ah = max(up, 0.0);
    float hz = ebb(ah * mix(16.0, 7.0, haze));
    vec3 sky = hg * (0.009 + 0.012 * ebb(3.0 * ah));
    sky += mix(hg, hk, 0.6) * hz * (0.008 + 0.075 * lit * power * ebb(abs(p.x - mc.x) * 2.6));
    vec3 glow = mix(ht, hk, smoothstep(0.5, 4.0, rr));
    sky += glow * halo * 0.42 * (0.50 + 0.7 * cl) * power * (1.0 - 0.62 * disc);
    sky += mix(ha, ht, 0.2) * ring * power * (0.16 + 1.1 * cl) * (1.0 - disc);
    sky += mix(ht, hk, 0.55) * cl * (0.006 + 0.36 * halo * power);
    vec3 sphere = mix(mix(hk, ht, 0.4), mix(ht, vec3(1.0), 0.30), smoothstep(0.0, 0.35, day));
    // never a white disc: more energy widens the halo sooner than it whitens the face
    float shine = 0.80 * power;
    sphere *= ball * shine / (1.0 + 0.58 * max(shine - 0.85, 0.0));
    sky += sphere * (1.0 - (0.35 + 0.4 * veil) * cl) * smoothstep(-0.004, 0.012, up);
    // a few faint stars in the clear, away from the moon
    vec2 sc = p * 17.0 + vec2(t * 0.0009, s2 * 9.0), si = floor(sc);
    uint sn = stir(uint(int(si.x) + 512) * 0x8f1bbcdbu ^ uint(int(si.y) + 512) * 0xca62c1d7u);
    vec4 sd = vec4(ivec4(sn & 255u, (sn >> 8) & 255u, (sn >> 16) & 255u, sn >> 24)) * 0.0039216;
    vec2 so = (sc - si - 0.2 - 0.6 * sd.xy) * 0.0588;
    float sw = 0.0011 + 1.2 * px;
    float star = max(1.0 - dot(so, so) / (sw * sw), 0.0);
    sky += mix(hk, ht, sd.z) * star * star * (0.0011 * 0.0011) / (sw * sw) * 0.55
         * sd.w * sd.w * sd.w * sd.w * (1.0 - cl) * (1.0 - cl) * (1.0 - hz) * smoothstep(0.5, 4.0, rr);
    // a far headland, one side only
    float hx = (p.x * hand + 0.30 - 0.35 * s2);
    float cape = horizon + (0.035 + 0.020 * lace + 0.004 * frill) * smoothstep(0.0, 0.5, -hx) - 0.004;
    float land = smoothstep(-px - 0.002, px + 0.002, cape - p.y);
    sky = mix(sky, hg * 0.008 + sky * mix(0.25, 0.6, haze), land * 0.9);
    vec3 col = sky;

    // ---- sea ----
    if (wet) {
        float b = below;
        float f1 = fade(fw * 1.7);
        float tilt = v1 * mix(0.62, 0.16, f2) * f1 + v2 * mix(0.62, 0.34, f3) + v3 * 0.42 + v4 * 0.34;
        float wide = (0.014 + 0.23 * sqrt(b)) * (0.6 + 0.8 * swell) * (1.0 + 0.15 * valence);
        float path = ebb(lx * lx / (wide * wide) * (1.0 + 0.5 * v1));
        float skirt = ebb(abs(lx) / (wide * 2.2));
        float cut = mix(0.80, 0.02, path);
        float crisp = 0.13 + 0.12 * (1.0 - f2);
        float glit = smoothstep(cut - crisp, cut + crisp + 0.12, tilt) * (0.20 + 0.80 * path);
        glit = mix(0.55 * path * path, glit, 0.15 + 0.85 * f1);
        vec3 sea = hg * (0.006 + 0.010 * ebb(b * 7.0))
                 + mix(hg, hk, 0.6) * (0.012 * ebb(b * 9.0) + 0.010 * (0.5 + 0.8 * tilt));
        sea += mix(hg, ht, 0.8) * skirt * power * lit * 0.060 * (1.0 + 1.1 * tilt);
        vec3 gc = mix(ht, ha, 0.5 * smoothstep(0.25, 0.95, 1.0 - path));
        sea += gc * glit * power * lit * (0.32 + 0.40 * ebb(b * 4.0));
        float mist = ebb(b * mix(70.0, 20.0, haze));
        col = mix(sea, sky, mist * 0.85);

        // ---- the shore: a thread of light along the wave's edge, wet sand that holds the sky ----
        float dry = max(-rim, 0.0), into = max(rim, 0.0);
        float wet2 = ebb(dry * 15.0);
        float mirror = skirt * skirt;
        float grain = 1.0 + (0.30 * v1 + 0.24 * v2 + 0.20 * v3 + 0.20 * v4) * smoothstep(0.0, 0.02, dry);
        vec3 beachc = hg * 0.006 + mix(hg, hk, 0.6) * (0.006 + 0.010 * wet2) * grain;
        beachc += ht * power * lit * wet2 * (0.085 * mirror + 0.022 * skirt) * (0.55 + 0.45 * grain);
        float thin = 1.0 - smoothstep(0.0, 0.060, into);
        vec3 film = mix(col, beachc * (1.0 + 0.35 * smoothstep(0.0, 0.02, into)), thin);
        col = film;
        // foam: bright where the moon's path comes in, lost to the sides
        float tw = 0.0024 + 1.2 * px;
        float found = smoothstep(-0.7, 0.6, lobes + 0.9 * lace);
        float thread = ebb(rim * rim / (tw * tw)) * 0.0036 / tw * (0.25 + 0.75 * found)
                     * (1.0 + 0.45 * frill + 0.6 * v4);
        float rim2 = rim - 0.036 - 0.022 * lace + 0.012 * lobes - 0.4 * surge;
        thread += 0.35 * ebb(rim2 * rim2 / (6.0 * tw * tw)) * 0.0036 / tw * (1.0 - found);
        float rim3 = rim + 0.030 + 0.016 * lobes + 0.4 * surge;
        thread += 0.16 * ebb(rim3 * rim3 / (3.0 * tw * tw)) * 0.0036 / tw;
        col += mix(ht, ha, 0.35 * (1.0 - mirror)) * thread * power * lit * (1.0 + 0.5 * wave)
             * (0.020 + 0.16 * skirt + 0.20 * mirror);
    }

    // ---- near: reeds, a little out of focus, on one side ----
    float stand = 0.0;
    float soft = 0.0028 + px, crisp2 = 0.5 / soft;
    float h = p.y + 0.58;
    float hh = h * h * 1.5;
    float breeze = 0.032 * swing(t * 0.031 + p.x * 0.27) + 0.02 * swing(t * 0.0132 + s1);
    float side = p.x * hand + 0.016 * swing(t * 0.0107) + breeze * hh;
    float shy = 0.13 + 0.06 * s3;
    for (int i = 0; i < 3; i++) {
        float fi = float(i);
        float pitch = 0.057 + 0.021 * fi;
        float bent = (side + (0.16 - 0.11 * fi) * hh) / pitch + fi * 0.37;
        float cell = floor(bent);
        uint n = uint(int(cell) + 4096 + i * 977) * 0x8f1bbcdbu + uint(seed * 65535.0) * 0xca62c1d7u;
        n = (n ^ (n >> 15)) * 0x9e3779b1u;
        vec3 rn = vec3(ivec3(n >> 24, (n >> 16) & 255u, (n >> 8) & 255u)) * 0.0039216;
        float grown = (0.17 + 0.34 * rn.x) * (0.45 + 0.9 * reeds)
                    * clamp(((cell + 0.5) * pitch - shy) * 3.6, 0.0, 1.0);
        float along = min(h / max(grown, 0.01), 2.0);
        float rest = 1.0 - along;
        float off = bent - cell - 0.5 - (rn.y - 0.5) * 0.35 - (rn.z - 0.5) * 0.30 * along * along;
        off = abs(off) * pitch;
        float head = clamp((along - 0.70) * 12.0, 0.0, 1.0) * clamp(rest * 10.0, 0.0, 1.0);
        float thick = 0.0022 + (i == 1 ? 0.038 * along * rest * rest * (0.5 + rn.y)
                              : rn.z > 0.60 && grown > 0.24 ? 0.0062 * head : 0.0);
        float blade = clamp(0.5 + (thick - off) * crisp2, 0.0, 1.0) * clamp(rest * 14.0, 0.0, 1.0);
        stand = max(stand, grown > 0.03 ? blade : 0.0);
    }
    stand = stand * stand * (3.0 - 2.0 * stand);
    float rise = p.y + 0.485 - 0.09 * smoothstep(0.05, 0.7, p.x * hand);
    float bank = (1.0 - smoothstep(-0.05, 0.07, rise)) * reeds * 1.3;
    col = mix(col, hg * 0.0035 + col * 0.08, clamp(max(stand * 0.94, bank), 0.0, 0.95));

    col *= opening(p);
    gl_FragColor = vec4(encode(col), 1.0);
}
