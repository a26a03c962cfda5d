// The guard: limits flashing according to WCAG 2.3.1. The last pass of every view; there is no way
// round it. Luminance is linear in the mix, so no pixel and no average of pixels moves faster than
// sigma per second. State is RGBA32F: half floats broke the bound at 90 frames per second.
#include "colour.glsl"
#include "hash.glsl"
uniform sampler2D scene;   // linear light
uniform sampler2D before;  // what this pass showed last
uniform float step_limit;  // sigma * min(dt, 1/30)
uniform float panic_keep;  // 1: no panic; below: every pixel falls by this factor
uniform vec2 size;
layout(location = 0) out vec4 state;   // linear light; a: how far the scene was held back
layout(location = 1) out vec4 shown;   // sRGB, 8 bit

const float HUE = 0.3;

// Light as a display can show it. Clipped before anything is compared: what cannot be shown must
// not count. clamp(NaN) is undefined, and one NaN would stay in the state for ever.
vec3 scrubbed(vec3 c) {
    return vec3(c.r > 0.0 ? min(c.r, 1.0) : 0.0,
                c.g > 0.0 ? min(c.g, 1.0) : 0.0,
                c.b > 0.0 ? min(c.b, 1.0) : 0.0);
}

// Raises G and B equally until R / (R + G + B) <= 0.79.
vec3 unred(vec3 c) {
    float lift = max(0.0, 0.5 * (c.r / 0.79 - c.r - c.g - c.b));
    return vec3(c.r, c.gb + lift);
}

void main() {
    vec3 prev = texelFetch(before, ivec2(gl_FragCoord.xy), 0).rgb;
    vec3 next;
    float held = 0.0;
    if (panic_keep < 1.0) {
        next = prev * panic_keep;
    } else {
        vec3 x = scrubbed(texture(scene, gl_FragCoord.xy / size).rgb);
        x = unred(x);
        vec3 change = abs(x - prev);
        // Luminance alone would let red flicker against a blue of equal luminance untouched: a
        // part HUE of the largest change of one colour counts too. Still one linear mix.
        float gap = max(abs(luminance(x) - luminance(prev)),
                        HUE * max(change.r, max(change.g, change.b)));
        float part = min(1.0, step_limit / max(gap, 1e-6));
        held = part < 1.0 ? 1.0 : 0.0;
        next = mix(prev, x, part);
    }
    state = vec4(next, held);
    // A fixed dither of one 8-bit step keeps dark gradients from banding.
    float dither = hashed(uvec3(gl_FragCoord.xy, 7u)) - 0.5;
    shown = vec4(encoded(next) + dither / 255.0, 1.0);
}
