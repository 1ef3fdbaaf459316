console.log('bad');
