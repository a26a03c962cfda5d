/*{
    "ISFVSN": "2",
    "DESCRIPTION": "The hands of a clock and the leaves of a calendar.",
    "INPUTS": []
}*/
void main() {
    float seconds = DATE.w;
    float minutes = floor(seconds / 60.0), hours = floor(minutes / 60.0);
    if (isf_FragNormCoord.y < 0.5)
        gl_FragColor = vec4(hours / 24.0, (minutes - 60.0 * hours) / 60.0, (seconds - 60.0 * minutes) / 60.0, 1.0);
    else gl_FragColor = vec4((DATE.x - 2000.0) / 100.0, DATE.y / 12.0, DATE.z / 31.0, 1.0);
}
