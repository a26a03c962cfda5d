/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}],
    "IMPORTED": {"steps": {"PATH": "steps.png"}},
    "PASSES": [{"TARGET": "kept"}, {}]
}*/
vec4 corner(sampler2D image);
vec4 there(in sampler2D image, vec2 uv) { return texture2D(image, uv); }
vec2 sized(const sampler2D image) { return IMG_SIZE(image); }
vec4 both(sampler2D a, sampler2D b) { return 0.5 * corner(a) + 0.5 * corner(b); }
vec4 corner(sampler2D image) { return IMG_PIXEL(image, vec2(0.5)); }
void main() {
    if (PASSINDEX == 0) {
        gl_FragColor = vec4(0.0, 0.0, 0.5, 1.0);
        return;
    }
    int column = int(gl_FragCoord.x);
    if (column == 0) gl_FragColor = both(inputImage, steps);
    else if (column == 1) gl_FragColor = both(kept, steps);
    else if (column == 2) gl_FragColor = vec4(sized(steps) / 16.0, sized(kept) / 32.0);
    else gl_FragColor = there(inputImage, isf_FragNormCoord);
}
