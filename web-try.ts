import { serve } from './src/index';
void (async()=>{const h=await serve({folder:process.env.F??'images',port:0,host:'127.0.0.1',tokenFile:process.env.T,http:{port:18080},log:{debug(){},info:console.log,warn:console.log,error:console.log}});console.log(h.galleries);process.on('SIGTERM',()=>void h.close({grace:1}).then(()=>console.log('closed')))})();
