/*{
    "ISFVSN": "2",
    "IMPORTED": {"steps": {"PATH": "steps.png"}}
}*/
void main() {
    int row = int(gl_FragCoord.y);
    if (row == 0) gl_FragColor = IMG_PIXEL(steps, gl_FragCoord.xy);
    else if (row == 1) gl_FragColor = IMG_NORM_PIXEL(steps, vec2((gl_FragCoord.x) / 4.0, 5.0 / 6.0));
    else if (row == 2) gl_FragColor = IMG_PIXEL(steps, vec2(gl_FragCoord.x, 1.5));
    else if (row == 3) gl_FragColor = vec4(IMG_SIZE(steps) / 8.0, 0.0, 1.0);
    else gl_FragColor = IMG_THIS_PIXEL(steps) - IMG_THIS_NORM_PIXEL(steps);
}
