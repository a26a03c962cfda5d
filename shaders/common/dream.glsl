// What dreams share: noise from integer hashes, cheap curves, and light in a person's colours.
// Needs the inputs seed, valence, arousal, ground, tone, kin and accent. Nothing here reads TIME.

#include "noise.glsl"

// ---- dice ------------------------------------------------------------------------------------

// four numbers 0..1 that are this person's own
vec4 dice() {
    uint n = stir(uint(seed * 65535.0) * 0xca62c1d7u + 0x2545f491u), m = stir(n ^ 0x632be5abu);
    return vec4(ivec4(n & 65535u, n >> 16, m & 65535u, m >> 16)) / 65535.0;
}

// four numbers 0..1 of a cell (x, y) of layer k: where a thing stands, how large, how bright
vec4 cell_dice(vec2 cell, int k) {
    uint n = uint(int(cell.x) + 32768) * 0x8f1bbcdbu ^ uint(int(cell.y) + 32768) * 0xca62c1d7u;
    n = stir(n + uint(k) * 0x632be5abu + uint(seed * 65535.0) * 0x2545f491u);
    uint m = stir(n ^ 0x85ebca6bu);
    return vec4(ivec4(n & 65535u, n >> 16, m & 65535u, m >> 16)) / 65535.0;
}

// ---- curves ----------------------------------------------------------------------------------

// a sine-like wave of period 1, without trigonometry
float swing(float x) { x = fract(x) * 2.0 - 1.0; return 4.0 * x * (abs(x) - 1.0); }

// sine and cosine of x turns, without trigonometry
vec2 turn(float x) {
    vec2 f = fract(vec2(x, x + 0.25)) * 2.0 - 1.0;
    f = -4.0 * f * (1.0 - abs(f));
    return f * (0.776 + 0.224 * abs(f));
}

// close to exp(-x) for x >= 0, and much cheaper
float ebb(float x) { x = 1.0 / (1.0 + 0.125 * x); x *= x; x *= x; return x * x; }

// how much of a detail a tile can show; `freq` in cells per pixel
float fade(float freq) { return 1.0 - smoothstep(0.22, 0.6, freq); }

// ---- light -----------------------------------------------------------------------------------

float lum(vec3 c) { return dot(c, vec3(0.2126, 0.7152, 0.0722)); }

// sRGB to linear light, a cubic (largest error 0.003)
vec3 lin(vec3 c) { return c * (c * (c * 0.3053 + 0.6822) + 0.0125); }

// a colour as light of luminance 1: multiply it by how much light there is
vec3 hue(vec3 c) { c = lin(c) + 0.004; return c / lum(c); }

// The person's colours as lights: valence warms, arousal saturates. Who has a light tone dreams
// a lighter dream: so people of like hues, and eyes that miss some hues, can tell them apart.
struct Hues { vec3 ground, tone, kin, accent; };
Hues hues() {
    float own = clamp(sqrt(lum(lin(tone.rgb)) / 0.22), 0.60, 1.25);
    vec3 warm = vec3(1.0 + 0.17 * valence, 1.0, 1.0 - 0.18 * valence);
    float sat = 1.0 + 0.22 * arousal;
    return Hues(hue(ground.rgb), own * mix(vec3(1.0), hue(tone.rgb), sat) * warm,
                own * mix(vec3(1.0), hue(kin.rgb), sat) * warm,
                own * mix(vec3(1.0), hue(accent.rgb), sat));
}

// Valence opens a picture's edges or closes them; p in heights from the middle.
float opening(vec2 p) {
    return 1.0 - (0.30 - 0.26 * valence) * smoothstep(0.25, 1.05, length(p));
}

// Linear light to sRGB: a soft shoulder, the brightest light pales, always in gamut.
vec3 encode(vec3 c) {
    float y = lum(c);
    c *= 1.0 / (1.0 + 0.70 * y);
    y = lum(c);
    c = mix(vec3(y), c, 1.0 - 0.55 * smoothstep(0.18, 0.8, y));
    float m = max(c.r, max(c.g, c.b));
    if (m > 0.98) c = y + (c - y) * (0.98 - y) / max(m - y, 1e-4);
    c = max(c, 0.0);
    vec3 r = sqrt(c), q = sqrt(r);                                   // sRGB curve from square roots
    return clamp(0.7946 * r + 0.5620 * q - 0.2791 * sqrt(q) - 0.0842 * c, 0.0, 1.0);
}
