// What the mask gives each pixel: the owners' ids and their parts. Only tests look through it.
#include "territory.glsl"
in vec2 uv;
uniform usampler2D ids;
layout(location = 0) out vec4 phi;
layout(location = 1) out vec4 who;
layout(location = 2) out vec4 fifth;  // phi, id, how many owners there are

void main() {
    vec2 x = (uv - 0.5) * vec2(aspect, 1.0);
    uvec2 packed_ids = texelFetch(ids, ivec2(uv * vec2(textureSize(ids, 0))), 0).xy;
    Owners o = owners_of(x, packed_ids);
    phi = vec4(o.phi[0], o.phi[1], o.phi[2], o.phi[3]);
    who = vec4(o.id[0], o.id[1], o.id[2], o.id[3]);
    fifth = vec4(o.phi[4], o.id[4], o.count, 0.0);
}
