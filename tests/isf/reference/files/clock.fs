/*{
    "ISFVSN": "2",
    "DESCRIPTION": "Time, and the frames it is cut into.",
    "INPUTS": [{"NAME": "span", "TYPE": "float", "MIN": 4.0, "MAX": 12.0, "DEFAULT": 8.0}]
}*/
void main() {
    gl_FragColor = vec4(TIME / span, TIMEDELTA * 4.0, float(FRAMEINDEX) / span, 1.0);
    if (isf_FragNormCoord.x < 0.5) gl_FragColor.rgb = vec3(fract(TIME), sin(TIME) * 0.5 + 0.5, exp(-TIME));
}
