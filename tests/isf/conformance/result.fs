/*{
    "ISFVSN": "2",
    "INPUTS": [{"NAME": "inputImage", "TYPE": "image"}]
}*/
layout(location = 0) out highp vec4
    shown;

void half_of(in vec4 whole, out vec4 part) { part = 0.5 * whole; }

void main() {
    shown = vec4(0.25);
    if (gl_FragCoord.x > 4.0) half_of(IMG_THIS_PIXEL(inputImage), shown);
    shown.a = 1.0;
}
