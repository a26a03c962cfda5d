// What effects made of the scene, back in OKLab. What is no number is black.
#include "colour.glsl"
uniform sampler2D scene;  // encoded sRGB
out vec4 picture;

void main() {
    vec4 seen = texelFetch(scene, ivec2(gl_FragCoord.xy), 0);
    vec3 rgb = clamp(seen.rgb * clamp(seen.a, 0.0, 1.0), 0.0, 1.0);
    if (!(dot(rgb, vec3(1.0)) < 1e9)) rgb = vec3(0.0);
    picture = vec4(oklab(decoded(rgb)), 1.0);
}
