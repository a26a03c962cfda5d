// The scene as effects see it: encoded sRGB.
#include "colour.glsl"
uniform sampler2D scene;  // OKLab
out vec4 picture;

void main() {
    picture = vec4(encoded(light_of(texelFetch(scene, ivec2(gl_FragCoord.xy), 0).rgb)), 1.0);
}
