// At a quarter of the size: the five owners of a pixel out of its tile's candidates, sorted by
// distance, the nearest disc, and the mean colour their mix will have and the
// light that gathers there.
#include "territory.glsl"
in vec2 uv;
uniform usampler2D candidates;
uniform sampler2D means;
uniform int here;  // how many people there are
layout(location = 0) out uvec2 packed_ids;
layout(location = 1) out vec4 mean_colour;  // OKLab, and the light gathered here

void main() {
    vec2 x = (uv - 0.5) * vec2(aspect, 1.0);
    vec2 moved = x + warp * wandering(x);
    uvec2 c = texelFetch(candidates, ivec2(uv * vec2(textureSize(candidates, 0))), 0).xy;
    int id[8] = int[8](int(c.x & 255u), int((c.x >> 8) & 255u), int((c.x >> 16) & 255u),
                       int(c.x >> 24), int(c.y & 255u), int((c.y >> 8) & 255u),
                       int((c.y >> 16) & 255u), int(c.y >> 24));
    int have = min(here, 7), count = min(here, 5);
    float d[7];
    float nearest = off_disc(x, id[7]);
    int closest = id[7];
    for (int k = 0; k < 7; k++) {
        d[k] = k < have ? power(moved, id[k]) : FAR;
        if (k < have && off_disc(x, id[k]) < nearest) {
            nearest = off_disc(x, id[k]);
            closest = id[k];
        }
    }
    for (int k = 0; k < 5; k++)          // a selection sort of the first five
        for (int j = 6; j > k; j--)
            if (d[j] < d[j - 1]) {
                float t = d[j]; d[j] = d[j - 1]; d[j - 1] = t;
                int i = id[j]; id[j] = id[j - 1]; id[j - 1] = i;
            }
    packed_ids = uvec2(uint(id[0]) | uint(id[1]) << 8 | uint(id[2]) << 16 | uint(id[3]) << 24,
                       uint(id[4]) | uint(closest) << 8 | uint(count) << 16 | softened(x) << 24);
    Owners o = owners_of(x, packed_ids);
    vec4 mu = vec4(0.0);
    for (int k = 0; k < 5; k++)
        if (k < o.count)
            mu += o.phi[k] * vec4(texelFetch(means, ivec2(o.id[k], 0), 0).rgb, mood[o.id[k]].x);
    mean_colour = mu;
}
