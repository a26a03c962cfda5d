// Letters over the picture, in linear light.
#include "colour.glsl"
in vec2 uv;
uniform sampler2D letters;
out vec4 light;

void main() {
    vec4 ink = texture(letters, vec2(uv.x, 1.0 - uv.y));
    light = vec4(decoded(ink.rgb), ink.a);
}
