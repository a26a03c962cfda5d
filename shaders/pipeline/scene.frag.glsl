// The blend: everybody's layer at this pixel, mixed in OKLab so that detail keeps its variance
// (Heitz & Neyret 2018), then what the scene remembers of its past.
// MASK shows the mask itself, SOLO one person alone through the same lookup.
#include "territory.glsl"
#include "lookup.glsl"
in vec2 uv;
uniform usampler2D ids;
uniform sampler2D mean_colours;
uniform sampler2D past;
uniform float trails;     // part of a brighter past that stays
uniform float rim;        // faint light along borders
uniform int alone;        // SOLO: whose layer
uniform sampler2D means;
out vec4 scene;

void main() {
    vec2 x = (uv - 0.5) * vec2(aspect, 1.0);
#ifdef SOLO
    scene = vec4(layer(x, alone), 1.0);
#else
    uvec2 packed_ids = texelFetch(ids, ivec2(uv * vec2(textureSize(ids, 0))), 0).xy;
    Owners o = owners_of(x, packed_ids);
    vec3 mixed = vec3(0.0);
    float squares = 0.0, most = 0.0, ring = 0.0;
    for (int k = 0; k < 5; k++) {
        float phi = o.phi[k];
        if (phi < 0.004) continue;
        squares += phi * phi;
        most = max(most, phi);
#ifdef MASK
        float turn = 6.2832 * fract(float(o.id[k]) * 0.618034);
        mixed += phi * vec3(0.45 + 0.3 * fract(float(o.id[k]) * 0.754878),
                            0.12 * cos(turn), 0.12 * sin(turn));
#else
        mixed += phi * layer(x, o.id[k]);
        if (look[o.id[k]].w > 0.5) {
            float off = sqrt(gap(x, o.id[k])) / max(seat[o.id[k]].w, 1e-6) - 0.8;
            ring += phi * exp(-off * off * 300.0);
        }
#endif
    }
#ifdef MASK
    scene = vec4(mixed, 1.0);
#else
    vec3 mu = texture(mean_colours, uv).rgb;
    vec3 now = mu + (mixed - mu) * inversesqrt(max(squares, 0.2));
    float border = (1.0 - most) * 2.0 / (1.0 + sqrt(warp + tau) * 6.0);
    now.x = max(now.x, 0.0) + rim * 0.10 * smoothstep(0.25, 1.0, border) + 0.16 * ring;
    vec3 old = texture(past, uv - 0.004 * flow(x) / vec2(aspect, 1.0)).rgb;
    float stays = trails * smoothstep(0.0, 0.12, old.x - now.x);
    scene = vec4(mix(now, old, stays), 1.0);
#endif
#endif
}
