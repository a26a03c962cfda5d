// The scene as effects see it: encoded sRGB.
#include "colour.glsl"
in vec2 uv;
uniform sampler2D scene;  // OKLab
out vec4 picture;

void main() {
    picture = vec4(encoded(light_of(texture(scene, uv).rgb)), 1.0);
}
