// The scene's lights (not its haze) at an eighth of its size, for the glow.
#include "colour.glsl"
#include "lights.glsl"
in vec2 uv;
uniform sampler2D scene;
out vec4 glow;

void main() {
    vec2 texel = 1.0 / vec2(textureSize(scene, 0));
    vec3 total = vec3(0.0);
    for (int k = 0; k < 16; k++)
        total += lights(light_of(texture(scene, uv + (vec2(k % 4, k / 4) * 2.0 - 3.0) * texel).rgb));
    glow = vec4(clamp(total / 16.0, 0.0, 1.0), 1.0);
}
