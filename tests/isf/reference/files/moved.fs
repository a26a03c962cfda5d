/*{
    "ISFVSN": "2",
    "DESCRIPTION": "The vertex shader places the picture within the output.",
    "INPUTS": [
        {"NAME": "to", "TYPE": "point2D", "MIN": [-0.5, -0.5], "MAX": [0.5, 0.5], "DEFAULT": [0.25, -0.25]},
        {"NAME": "size", "TYPE": "float", "MIN": 0.25, "MAX": 1.0, "DEFAULT": 0.5}
    ]
}*/
varying vec3 mixed;

void main() {
    gl_FragColor = vec4(mixed.xy, isf_FragNormCoord.y, mixed.z);
}
